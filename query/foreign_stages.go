package query

import (
	"slices"
	"strings"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// foreignStage is a stage that people write as in another language.
type foreignStage struct {
	word, rest string        // its first word in small letters, and the text behind it
	input      schema.Schema // of the rows before it
	last       *syntax.Stage // the stage before it; nil where there is none
	before     string        // the query before it
	kept       int           // how much of that stays
}

// foreignStages are the words that begin stages elsewhere, a few of which begin one here, too, and the stages that do
// the same; "" for one that is not needed. They are false for a stage that they have no counterpart of.
var foreignStages = [...]struct {
	words   string
	instead func(*foreignStage) (stage string, ok bool)
}{
	{"grep egrep fgrep rg ag findstr search find select-string", (*foreignStage).grep},
	{"tail last", (*foreignStage).tail},
	{"head limit take first top sample", (*foreignStage).head},
	{"sort order sort-object sort_by orderby", (*foreignStage).sort},
	{"uniq distinct unique dedup", (*foreignStage).uniq},
	{"wc length measure-object size", (*foreignStage).number},
	{"count", (*foreignStage).count},
	{"stats", (*foreignStage).splunkCount},
	{"group", (*foreignStage).withoutColon},
	{"less more cat column pr fzf jq format-table ft format-list fl render ok", (*foreignStage).nothing},
	{"having where-object ? filter", (*foreignStage).where},
	{"project-away fields- except rm remove", (*foreignStage).drop},
	{"project-keep project-reorder fields columns show keep pick select-object returning", (*foreignStage).choose},
	{"eval let mutate add compute", (*foreignStage).extend},
	{"sum avg mean min max p50 p90 p95 p99 dcount stddev median", (*foreignStage).aggregate},
	{"groupby group_by group-object", (*foreignStage).group},
	{"watch", (*foreignStage).watch},
	{"awk gawk cut", (*foreignStage).fields},
}

// mayBeForeign says whether a stage may be one of another language: by its first word, or as jq has it.
func mayBeForeign(segment string) bool {
	word := syntax.FirstWord(segment).Name
	_, known := Language.Stage(word)
	_, foreign := (&foreignStage{}).known(segment)
	return foreign || !known && word != "" || strings.HasPrefix(segment, ".") || strings.HasPrefix(segment, "{") ||
		strings.HasPrefix(segment, "[") || strings.ContainsRune(segment, '(') || slices.Contains(jqWords, segment)
}

// instead is the stage that does what the segment does in another language.
func (f *foreignStage) instead(segment string) (stage string, ok bool) {
	if stage, ok := f.jq(segment); ok {
		return stage, true
	}
	instead, ok := f.known(segment)
	if !ok {
		return f.columns(segment)
	}
	return instead(f)
}

// columns takes the names of columns alone for select.
func (f *foreignStage) columns(segment string) (string, bool) {
	for name := range strings.SplitSeq(segment, ",") {
		if _, ok := expression.FindColumn(f.input, strings.TrimSpace(name)); !ok {
			return "", false
		}
	}
	return "select " + segment, true
}

// known finds the word that a segment begins with among those of other languages.
func (f *foreignStage) known(segment string) (instead func(*foreignStage) (string, bool), ok bool) {
	f.word, f.rest, _ = strings.Cut(segment, " ")
	if call := strings.IndexByte(f.word, '('); call > 0 {
		f.word, f.rest = f.word[:call], segment[call:]
	}
	// ToLower writes bytes that are no character as one of three bytes: places are those of the segment before it.
	f.word, f.rest = strings.ToLower(f.word), strings.TrimSpace(f.rest)
	for _, known := range foreignStages {
		for word := range strings.FieldsSeq(known.words) {
			if word == f.word {
				return known.instead, true
			}
		}
	}
	return nil, false
}

// stageAt is the text of the stage around a place, behind the | before it; it starts at 0 in the first part of a query.
func stageAt(text string, place int) syntax.Range {
	at := syntax.Range{Start: 0, End: len(text)}
	depth, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case c == '|' && depth == 0 && i < place:
			at.Start = i + 1
		case c == '|' && depth == 0:
			return syntax.Range{Start: at.Start, End: i}
		}
	}
	return at
}

func (f *foreignStage) number() (string, bool)  { return "count", f.rest == "" || f.rest == "-l" }
func (f *foreignStage) nothing() (string, bool) { return "", true }
func (f *foreignStage) where() (string, bool)   { return "where " + f.rest, f.rest != "" }
func (f *foreignStage) drop() (string, bool)    { return "drop " + f.rest, f.rest != "" }
func (f *foreignStage) extend() (string, bool)  { return "extend " + f.rest, f.rest != "" }

// choose is select; cut's numbers are those of columns.
func (f *foreignStage) choose() (string, bool) {
	rest := strings.Join(strings.Fields(strings.ReplaceAll(f.rest, ",", " ")), ", ")
	return "select " + rest, rest != "" && !strings.HasPrefix(rest, "-")
}

// count is count() and count(*).
func (f *foreignStage) count() (string, bool) {
	inner := strings.Trim(f.rest, "() ")
	return "count", strings.HasPrefix(f.rest, "(") && (inner == "" || inner == "*")
}

// splunkCount is stats count by KEYS, as Splunk has it, where count needs no parentheses.
func (f *foreignStage) splunkCount() (string, bool) {
	rest, found := strings.CutPrefix(f.rest, "count")
	rest = strings.TrimSpace(rest)
	return strings.TrimSpace("count " + rest), found && (rest == "" || strings.HasPrefix(rest, "by "))
}

// withoutColon is group by KEYS AGGREGATE(...), where the colon between them is missing.
func (f *foreignStage) withoutColon() (string, bool) {
	call := strings.IndexByte(f.rest, '(')
	if call < 0 || strings.ContainsRune(f.rest, ':') {
		return "", false
	}
	at := strings.LastIndexAny(f.rest[:call], " ")
	keys := strings.TrimSpace(f.rest[:max(at, 0)])
	return "group " + keys + ": " + f.rest[at+1:], keys != "" && keys != "by" && !strings.HasSuffix(keys, ",") &&
		!strings.HasSuffix(keys, "=")
}

// aggregate is one value of all rows: sum(x), and sum x.
func (f *foreignStage) aggregate() (string, bool) {
	name := map[string]string{"mean": "avg", "median": "p50"}[f.word]
	if name == "" {
		name = f.word
	}
	return "stats " + name + "(" + strings.Trim(f.rest, "() ") + ")", f.rest != ""
}

func (f *foreignStage) group() (string, bool) {
	keys := undotted(strings.Trim(f.rest, "() "))
	return "group by " + strings.TrimPrefix(keys, "by "), keys != ""
}

// watch is watch -n 2, whose number is of seconds.
func (f *foreignStage) watch() (string, bool) {
	seconds := strings.TrimSpace(strings.TrimPrefix(f.rest, "-n"))
	return "watch " + seconds + "s", seconds != "" && strings.Trim(seconds, "0123456789.") == ""
}
