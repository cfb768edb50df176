package shell

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
	"netql/shell/complete"
	"netql/shell/render"
)

// word is a word of the prompt that starts no query.
type word struct {
	complete.Word
	optional bool // it may stand alone, too
	run      func(s *session, argument string)
}

// usage is the word as help shows it.
func (w word) usage() string { return strings.TrimSuffix(w.Name+" "+w.Arguments, " ") }

// words are all words of the prompt.
func words() []word {
	topic := complete.Argument{Choices: topicChoices, Tables: true}
	aQuery, file, free := complete.Argument{Query: true}, complete.Argument{Files: true}, complete.Argument{}
	system := complete.Argument{Choices: useChoices, Files: true}
	return []word{
		{wordOf("help", "[TOPIC]", "explain, with queries to try", topic), true, (*session).help},
		{wordOf("schema", "TABLE", "the columns of a table, or of a query's answer", aQuery),
			false, (*session).describe},
		{wordOf("explain", "QUERY", "what a query would read and do", aQuery), false, (*session).explain},
		{wordOf("export", "FILE QUERY", "the answer into a file: "+strings.Join(render.Suffixes(), " "), file, aQuery),
			false, (*session).export},
		{wordOf("format", "[F]", "how answers are shown from now on", complete.Argument{Choices: formatChoices}),
			true, (*session).useFormat},
		{wordOf("history", "[N]", "what was typed, or the last of it", free), true, (*session).showHistory},
		{wordOf("use", "live|netns X|FILE", "let this system, a namespace or a capture answer",
			system, complete.Argument{Choices: namespaceChoices}), true, (*session).useWord},
		{wordOf(netstatName, "[FLAGS]", "what netstat's flags ask for: netstat -tulpn", free),
			true, (*session).netstatWord},
		{wordOf("quit", "", "leave; so do exit and Ctrl-D"), false, (*session).quit},
		{wordOf("exit", "", "leave"), false, (*session).quit},
	}
}

// wordOf is a word, what help shows behind it, what it is about, and its arguments.
func wordOf(word, arguments, doc string, takes ...complete.Argument) complete.Word {
	return complete.Word{Name: word, Arguments: arguments, Doc: doc, Takes: takes}
}

func (s *session) netstatWord(argument string) {
	s.netstat(append([]string{netstatName}, strings.Fields(argument)...))
}

// findWord says which word a line starts with, and what comes after it.
func findWord(text string) (w word, argument string, ok bool) {
	text = strings.TrimSpace(text)
	end := len(text)
	if blank := strings.IndexAny(text, " \t\n"); blank >= 0 {
		end = blank
	}
	first := text[:end]
	argument = strings.TrimSpace(text[end:])
	for _, w := range words() {
		if strings.EqualFold(w.Name, first) && !strings.HasPrefix(argument, "|") {
			return w, argument, true
		}
	}
	return word{}, "", false
}

// asked is the query in what was typed; false where there is none.
func (s *session) asked(text string) (string, bool) {
	w, argument, ok := findWord(text)
	if !ok {
		return text, true
	}
	for _, takes := range w.Takes {
		if takes.Query {
			return argument, argument != ""
		}
		_, argument, _ = complete.CutArgument(argument)
	}
	return "", false
}

// orWord makes the error of a table that nobody knows one of a word of the prompt, where that is nearer.
func (s *session) orWord(text string, err error) error {
	var wrong *syntax.Error
	name, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if _, known := s.catalog.Table(name); !s.atPrompt || known || !errors.As(err, &wrong) ||
		!strings.HasPrefix(wrong.Message, "unknown table") {
		return err
	}
	var names []string
	for _, w := range words() {
		names = append(names, w.Name)
	}
	if near := syntax.Nearest(name, append(s.catalog.Names(), names...)); near != "" && slices.Contains(names, near) &&
		!strings.EqualFold(near, name) {
		return syntax.Errorf(wrong.Range, "%q is neither a table nor a word of the prompt", name).
			WithHint("did you mean %q?", near)
	}
	return err
}

// candidates completes the line that is typed.
func (s *session) candidates(line string) complete.Completion {
	defer s.releaseAnswer()
	source := complete.Source{Catalog: s.catalog, State: s.state(), Values: s.values, Files: filesFrom}
	for _, w := range words() {
		source.Commands = append(source.Commands, w.Word)
	}
	return source.At(s.typed + line)
}

func (s *session) quit(string) { s.leaving = true }

// explain shows a query's plan, and runs nothing.
func (s *session) explain(text string) {
	plan, ok := s.compile(text)
	if !ok {
		return
	}
	s.read(visibleLines(plan.Query() + "\n\n" + plan.Explain() + "\n"))
}

// describe shows the columns of a table, or those that the answer of a query has.
func (s *session) describe(text string) {
	plan, ok := s.compile(text)
	if !ok {
		return
	}
	columns := plan.Schema().Columns
	o := s.renderOptions()
	format, err := o.Chosen()
	if err == nil && o.Terminal && format.Screen {
		s.read(visibleLines(columnText(columns, cmp.Or(o.Width, helpWidth))))
		return
	}
	_, err = render.Write(context.Background(), s.out, columnsOfColumns(), func(yield func(schema.Row, error) bool) {
		for _, column := range columns {
			if !yield(column, nil) {
				return
			}
		}
	}, o)
	s.verdict(context.Background(), err)
}

// columnText tells the name, the type, the unit and the meaning of each column.
func columnText(columns []*schema.Column, width int) string {
	widest := 0
	for _, c := range columns {
		widest = max(widest, len(c.Name))
	}
	list := make([]render.Choice, len(columns))
	for i, c := range columns {
		text := fmt.Sprintf("%-*s  %s", widest, c.Name, c.Type)
		if c.Unit != schema.None {
			text += ", " + string(c.Unit)
		}
		list[i] = render.Choice{Text: text, Doc: c.Doc}
	}
	return aligned(list, width)
}

// columnsOfColumns are the columns of a table whose rows are columns.
func columnsOfColumns() []*schema.Column {
	column := func(name string, get func(*schema.Column) string) *schema.Column {
		return &schema.Column{Name: name, Type: schema.Of(schema.Text), Get: func(r schema.Row) any {
			if text := get(r.(*schema.Column)); text != "" {
				return text
			}
			return nil
		}}
	}
	return []*schema.Column{
		column("name", func(c *schema.Column) string { return c.Name }),
		column("type", func(c *schema.Column) string { return c.Type.String() }),
		column("unit", func(c *schema.Column) string { return string(c.Unit) }),
		column("doc", func(c *schema.Column) string { return c.Doc }),
	}
}

func formatChoices() (candidates []complete.Candidate) {
	candidates = append(candidates,
		complete.Candidate{Text: render.Auto, Doc: "a table on a terminal, plain elsewhere", Kind: complete.Keyword})
	for _, f := range render.Formats {
		candidates = append(candidates, complete.Candidate{Text: f.Name, Doc: f.Doc, Kind: complete.Keyword})
	}
	return candidates
}

// useFormat chooses how rows are shown, or tells it.
func (s *session) useFormat(name string) {
	if name == "" {
		s.print("format " + s.options.format + "\n")
		return
	}
	if _, err := s.options.parseFlag("format="+strings.ToLower(name), nil); err != nil {
		s.reject("", usagef("there is no format %q", name).withHint("%s", oneOf(name, render.Names())))
	}
}

// showHistory shows the last entries with their numbers.
func (s *session) showHistory(argument string) {
	entries := s.past.entries
	if argument != "" {
		n, err := strconv.Atoi(argument)
		if err != nil || n < 0 {
			s.reject("", usagef("history cannot show %q entries", argument).withHint("for example: history 20"))
			return
		}
		entries = entries[max(0, len(entries)-n):]
	}
	var b strings.Builder
	first := len(s.past.entries) - len(entries) + 1
	for i, entry := range entries {
		fmt.Fprintf(&b, "%5d  %s\n", first+i, schema.Visible(entry))
	}
	s.read(b.String())
}
