package shell

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
	"netql/shell/complete"
	"netql/shell/render"
	"netql/shell/ss"
)

// word is a word of the prompt, such as help or export, and what it does.
type word struct {
	complete.Word
	optional bool                                  // its arguments may be left out
	choices  func(s *session) []complete.Candidate // what its arguments may be, of this session; nil for nothing
	run      func(s *session, argument string) int // gives the exit status
}

// shellWord is the word of which no blank needs to follow.
const shellWord = "!"

// usage is the word with its arguments, as help shows it.
func (w word) usage() string { return strings.TrimSuffix(w.Name+" "+w.Arguments, " ") }

// words are all words of the prompt, in the order of help.
func words() []word {
	topic := complete.Argument{Choices: topicChoices, Tables: true}
	aQuery, file, free := complete.Argument{Query: true}, complete.Argument{Files: true}, complete.Argument{}
	system := complete.Argument{Choices: useChoices, Files: true}
	return []word{
		{Word: newWord("help", "[TOPIC]", "explain, with queries to try", topic),
			optional: true, run: (*session).help},
		{Word: newWord("schema", "TABLE [COLUMNS]", "the columns of a table, or of a query's answer", aQuery),
			run: (*session).describe},
		{Word: newWord("explain", "QUERY", "what a query would read and do", aQuery), run: (*session).explain},
		{Word: newWord("export", "FILE QUERY", "the answer into a file: "+strings.Join(render.Suffixes(), " "),
			file, aQuery), run: (*session).export},
		{Word: newWord("format", "[F]", "how answers are shown from now on",
			complete.Argument{Choices: formatChoices}), optional: true, run: (*session).useFormat},
		{Word: newWord("history", "[N]", "what was typed, or the last of it", free),
			optional: true, run: (*session).showHistory},
		{Word: newWord("use", "live|netns X|hosts A,B|FILE", "what is asked: this system, others, a capture",
			system, complete.Argument{Depending: namedChoices}), optional: true, run: (*session).useWord},
		{Word: newWord("record", "FILE", "all that the system says into a file, a capture", file),
			run: commandWord("record")},
		{Word: newWord("mark", "[NAME]", "keep this moment in memory, or list such marks", free),
			optional: true, run: (*session).markWord},
		{Word: newWord("diff", "A [B]", "changes since a mark or capture, or from A to B", file, file),
			choices: (*session).markChoices, run: commandWord("diff")},
		{Word: newWord(reportName, "FILE.html", "findings, limits, traffic: a page to forward", file),
			run: commandWord(reportName)},
		{Word: newWord(aliasName, "[NAME QUERY]", "name a query for good, or list such names", free, aQuery),
			optional: true, run: (*session).alias},
		{Word: newWord(unaliasName, "NAME ...", "remove what alias has named", complete.Argument{Repeats: true}),
			choices: (*session).aliasChoices, run: (*session).unalias},
		{Word: newWord(netstatName, "[FLAGS]", "what netstat's flags ask for: netstat -tulpn", free),
			optional: true, run: programWord(netstatName)},
		{Word: newWord(ss.Name, "[FLAGS]", "what ss's flags ask for: ss -tlnp sport = :22", free),
			optional: true, run: programWord(ss.Name)},
		{Word: newWord(shellWord, "COMMAND", "run a command of the shell", file), run: (*session).runInShell},
		{Word: newWord("quit", "", "leave; so do exit and Ctrl-D"), run: (*session).quit},
		{Word: newWord("exit", "", "leave"), run: (*session).quit},
	}
}

// commandWord is what a word of the prompt does that is a command of the command line, too. Its long flags are for this
// line alone.
func commandWord(name string) func(*session, string) int {
	return func(s *session, argument string) int {
		return s.withFlags(append([]string{name}, splitWords(argument)...), func(words []string) int {
			command, err := commandOf(*s.options, words)
			if err == nil {
				err = s.useOptions(s.options)
			}
			if err != nil {
				return s.failure(err)
			}
			return command(s, words[1:])
		})
	}
}

// splitWords are the words of a line: between blanks, or in double or single quotes, as a shell takes them.
func splitWords(line string) []string {
	words, _ := splitQuoted(line)
	return words
}

// splitQuoted is splitWords, and says whether each quote is closed.
func splitQuoted(line string) (words []string, closed bool) {
	closed = true
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		word, rest := "", ""
		if quoted, ok := strings.CutPrefix(line, "'"); ok {
			word, rest, closed = strings.Cut(quoted, "'")
		} else {
			word, rest, closed = complete.CutArgument(line)
			closed = closed || line[0] != '"'
			word = expandHome(word) // in double quotes, too, which completion puts around a path with a blank
		}
		words, line = append(words, word), rest
	}
	return words, closed
}

// newWord is a word for completion and help.
func newWord(word, arguments, doc string, takes ...complete.Argument) complete.Word {
	return complete.Word{Name: word, Arguments: arguments, Doc: doc, Takes: takes}
}

// programWord is what a word of the prompt does that is the name of another program.
func programWord(name string) func(*session, string) int {
	return func(s *session, argument string) int {
		if flags, stages, found := cutStages(argument); found {
			return s.stagesBehindFlags(programNamed(name), flags, stages)
		}
		return s.withFlags(append([]string{name}, splitWords(argument)...), func(words []string) int {
			return s.runProgram(programNamed(name), words)
		})
	}
}

// findWord is the word that an entry starts with, and the text behind it; false for a query. A word before a | is the
// name of a table.
func findWord(text string) (w word, argument string, ok bool) {
	text = strings.TrimRight(strings.TrimSpace(text), ";")
	end := len(text)
	if blank := strings.IndexAny(text, " \t\n"); blank >= 0 {
		end = blank
	}
	if command, ok := cutShellWord(text); ok {
		text, end = shellWord+command, len(shellWord)
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

// cutShellWord is what follows the word "!" with which an entry starts, which psql has people type as \!; false where
// another word or a query does.
func cutShellWord(text string) (command string, found bool) {
	return strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(text), `\`), shellWord)
}

// entryQuery is the query in an entry: the entry itself, or the argument of a word that takes a query; false where
// there is none.
func entryQuery(text string) (string, bool) {
	w, argument, ok := findWord(text)
	if !ok {
		return text, true
	}
	if body, ok := aliasBody(argument); ok && w.Name == aliasName {
		return body, true
	}
	for _, takes := range w.Takes {
		if takes.Query {
			return argument, argument != ""
		}
		_, argument, _ = complete.CutArgument(argument)
	}
	return "", false
}

// suggestCommand is the error of a query at the prompt: where it is an unknown table, and a word of the prompt is
// spelled more like it than any table, the error suggests that word.
func (s *session) suggestCommand(text string, wrong *syntax.Error) *syntax.Error {
	name, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	if _, known := s.catalog.Table(name); !s.atPrompt || known || wrong.Range.InFile() ||
		!strings.HasPrefix(wrong.Message, "unknown table") {
		return wrong
	}
	var names []string
	for _, w := range words() {
		names = append(names, w.Name)
	}
	if near := syntax.Nearest(name, slices.Concat(s.catalog.Names(), s.catalog.Named.Names(), names)); near != "" &&
		slices.Contains(names, near) &&
		!strings.EqualFold(near, name) {
		e := syntax.Errorf(wrong.Range, "%q is neither a table nor a word of the prompt", name).
			WithHint("did you mean %q?", near)
		e.Line = strings.TrimSpace(near + " " + rest)
		return e
	}
	return wrong
}

// completionSource is where completion and colours of the line that is typed come from.
func (s *session) completionSource() *complete.Source {
	source := &complete.Source{Catalog: s.catalog, State: s.state(), Values: s.values, Files: filesFrom}
	for _, w := range words() {
		for i := range w.Takes {
			if w.choices != nil {
				w.Takes[i].Choices = func() []complete.Candidate { return w.choices(s) }
			}
		}
		source.Commands = append(source.Commands, w.Word)
	}
	return source
}

// before is the text of the entry before a line of it that is typed.
func (s *session) before(line string) string {
	if s.typed == "" && continues(line) && s.last != "" {
		return s.last + "\n"
	}
	return s.typed
}

// candidates are the ways to complete the line that is typed, up to the cursor.
func (s *session) candidates(line string) complete.Completion {
	defer s.releaseAnswer()
	return s.completionSource().At(s.before(line) + line)
}

// parts are what the parts of the line that is typed are.
func (s *session) parts(line string) (parts []complete.Part) {
	defer s.releaseAnswer()
	before := len(s.before(line))
	for _, part := range s.completionSource().Parts(s.before(line) + line) {
		if part.Start >= before {
			part.Start -= before
			part.End -= before
			parts = append(parts, part)
		}
	}
	return parts
}

func (s *session) quit(string) int {
	s.leaving = true
	return done
}

// explain shows a query's plan, runs nothing, and gives the exit status.
func (s *session) explain(text string) int {
	plan, ok := s.compile(text)
	if !ok {
		return wrong
	}
	s.printPaged(visibleLines(s.explanation(plan)))
	return done
}

func formatChoices() (candidates []complete.Candidate) {
	candidates = append(candidates,
		complete.Candidate{Text: render.Auto, Doc: "a table on a terminal, plain elsewhere", Kind: complete.Keyword})
	for _, f := range render.Formats {
		candidates = append(candidates, complete.Candidate{Text: f.Name, Doc: f.Doc, Kind: complete.Keyword})
	}
	return candidates
}

// useFormat is the word "format" of the prompt: it sets the format of answers, or shows which one is set.
func (s *session) useFormat(name string) int {
	if name == "" {
		return s.print("format " + s.options.format + "\n")
	}
	if _, err := s.options.parseFlag("format="+strings.ToLower(name), nil); err != nil {
		return s.usageFailure("", usagef("there is no format %q", name).withHint("%s", oneOf(name, render.Names())))
	}
	return done
}

// showHistory is the word "history" of the prompt: it shows all entries, or the last N, with their numbers.
func (s *session) showHistory(argument string) int {
	if s.past == nil {
		return s.usageFailure("", usagef("there is no history here: it is of what was typed at the prompt"))
	}
	entries := s.past.entries
	if argument != "" {
		n, err := strconv.Atoi(argument)
		if err != nil || n < 0 {
			return s.usageFailure("", usagef("history cannot show %q entries", argument).
				withHint("for example: history 20"))
		}
		entries = entries[max(0, len(entries)-n):]
	}
	var b strings.Builder
	first := len(s.past.entries) - len(entries) + 1
	for i, entry := range entries {
		fmt.Fprintf(&b, "%5d  %s\n", first+i, schema.Visible(entry))
	}
	s.printPaged(b.String())
	return done
}
