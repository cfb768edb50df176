package query

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
)

// longFlags are the letters for the long flags of programs of a shell; "" for those that do not change the rows.
var longFlags = map[string]string{
	"ignore-case": "i", "invert-match": "v", "count": "c", "reverse": "r", "numeric-sort": "n", "unique": "u",
	"color": "", "color=auto": "", "color=always": "", "color=never": "",
}

// splitFlags splits what follows a program of a shell into the letters of its flags and its other words, without
// quotes. The letter of an unknown long flag is ?.
func (f *foreignStage) splitFlags() (letters string, words []string) {
	for word := range strings.FieldsSeq(f.rest) {
		if flag, ok := strings.CutPrefix(word, "--"); ok {
			letter, known := longFlags[flag]
			if !known {
				letter = "?"
			}
			letters += letter
		} else if flag, ok := strings.CutPrefix(word, "-"); ok && flag != "" {
			letters += flag
		} else {
			words = append(words, strings.Trim(word, `"'`))
		}
	}
	return letters, words
}

// rows is a number of rows: 5, -5, -n 5, -n5; 10 where nothing is said, as head has it.
func (f *foreignStage) rows() (n string, ok bool) {
	letters, words := f.splitFlags()
	n = strings.TrimLeft(letters, "nF")
	if n == "" && len(words) > 0 {
		n, words = words[0], words[1:]
	}
	if n == "" {
		n = "10"
	}
	_, err := strconv.Atoi(n)
	return n, err == nil && len(words) == 0
}

// head has no counterpart of limit -1 and head -n -5, which mean all rows and all but the last.
func (f *foreignStage) head() (string, bool) {
	if f.word != "head" && strings.HasPrefix(f.rest, "-") || strings.HasPrefix(f.rest, "-n -") {
		return "", false
	}
	if n, ok := f.rows(); ok {
		return "limit " + n, f.word != "top"
	}
	keys := strings.TrimSpace(strings.TrimPrefix(f.rest, "by "))
	return "top 10 by " + keys, f.word == "top" && keys != "" && keys[0] > '9'
}

// tail is the first rows of the other order. Rows that are not sorted have no last ones: there is no such stage.
func (f *foreignStage) tail() (string, bool) {
	n, ok := f.rows()
	if !ok || f.last == nil {
		return "", false
	}
	sorted, isSorted := f.last.Node.(*sortStage)
	if !isSorted {
		return "", false
	}
	keys := slices.Clone(sorted.keys)
	for i := range keys {
		keys[i].Descending = !keys[i].Descending
	}
	if !f.last.Range.InFile() { // else it is a named query's, which stays
		f.kept = strings.LastIndexByte(f.before[:f.last.Range.Start], '|')
	}
	return (&sortStage{keys}).String() + " | limit " + n, true
}

// sort is a sort with a shell's flags: r turns the order round, k is the number of a column. Without a column it is
// the first one, with n, which compares numbers, the last number.
func (f *foreignStage) sort() (string, bool) {
	if calls := strings.HasPrefix(f.rest, "("); calls {
		return "sort " + undotted(strings.Trim(f.rest, "() ")), true
	}
	letters, words := f.splitFlags()
	digits := strings.Trim(letters, "rnuhVbfk")
	unique := strings.Contains(letters, "u")
	if unique && (digits != "" || len(words) > 0) { // it keeps a row for each key
		return "", false
	}
	if strings.Trim(digits, "0123456789") != "" || letters == "" && (f.rest != "" || f.word == "order") {
		return "", false
	}
	if strings.Contains(letters, "k") && digits == "" && len(words) > 0 {
		digits, words = words[0], words[1:]
	}
	visible := f.input.Visible()
	key := strings.Join(words, ", ")
	switch n, err := strconv.Atoi(digits); {
	case err == nil && n > 0 && n <= len(visible):
		key = visible[n-1].Name
	case key == "" && strings.Contains(letters, "n"):
		key = lastNumber(visible)
	case key == "":
		key = visible[0].Name
	}
	if strings.Contains(letters, "r") {
		key += " desc"
	}
	if unique {
		return "distinct | sort " + key, true
	}
	return "sort " + key, true
}

// lastNumber is the last column of numbers, else the first column.
func lastNumber(columns []*schema.Column) string {
	name := columns[0].Name
	for _, c := range columns {
		if c.Type.Numeric() || c.Type.Kind == schema.Duration {
			name = c.Name
		}
	}
	return name
}

// uniq counts equal rows with -c.
func (f *foreignStage) uniq() (string, bool) {
	letters, words := f.splitFlags()
	if letters != "c" || len(words) > 0 {
		return "distinct " + undotted(strings.Trim(f.rest, "() ")), f.word != "uniq" && f.word != "distinct"
	}
	var names []string
	for _, c := range f.input.Visible() {
		names = append(names, Language.Identifier(c.Name).String())
	}
	return "count by " + strings.Join(names, ", "), true
}

// grepFlags are the flags of grep that choose rows by what they hold, or change nothing.
const grepFlags = "iyvcnEFGPwshHarRe"

// grep keeps the rows with a text, in the columns in which it can be.
func (f *foreignStage) grep() (string, bool) {
	letters, words := f.splitFlags()
	if len(words) == 0 || strings.Trim(letters, grepFlags) != "" {
		return "", false
	}
	condition := f.holding(strings.Join(words, " "), strings.Contains(letters, "i"))
	if condition == "" {
		return "", false
	}
	stage := "where " + condition
	if strings.Contains(letters, "v") {
		stage = "where not (" + condition + ")"
	}
	if strings.Contains(letters, "c") {
		stage += " | count"
	}
	return stage, true
}

// holding is the condition that a column has a text: a port, an address, a word of an enum, or a part of a text.
func (f *foreignStage) holding(text string, anyCase bool) string {
	value := wordValue(text)
	quoted := strconv.Quote(text)
	test := " contains " + quoted
	if anyCase {
		test = " matches " + strconv.Quote("(?i)"+text)
	} else if regexp.QuoteMeta(text) != strings.ReplaceAll(text, ".", `\.`) {
		test = " matches " + quoted
	}
	var parts []string
	for _, c := range f.input.Columns {
		name := Language.Identifier(c.Name).String()
		canonical, isWord := "", false
		if c.Type.Words != nil {
			canonical, isWord = c.Type.Words.Find(text)
		}
		shown := slices.Contains(f.input.Visible(), c)
		switch _, number := value.(int); {
		case number && c.Type.Kind == schema.Port:
			parts = append(parts, name+" == "+text)
		case value != nil && !number && c.Type.Kind == schema.Address:
			parts = append(parts, name+" == "+text)
		case value != nil && !number && c.Type.Kind == schema.Prefix && shown:
			parts = append(parts, name+" contains "+text)
		case isWord && shown && c.Type.Kind == schema.Enum:
			return name + " == " + canonical
		case value == nil && c.Type.Kind == schema.Text && shown:
			parts = append(parts, name+test)
		}
	}
	return strings.Join(parts, " or ")
}

// wordValue is the number, address or prefix that a word spells; nil for a text.
func wordValue(word string) any {
	tokens, err := syntax.Scan(word)
	if err != nil || len(tokens) != 1 {
		return nil
	}
	switch v := tokens[0].Value.(type) {
	case int, netip.Addr, netip.Prefix:
		return v
	}
	return nil
}

// numbersOfFields are programs of awk and flags of cut that print some columns and do nothing else: {print $1, $2},
// and -f1,3.
var numbersOfFields = map[string]string{
	"awk": `^(?:-F *\S+ +)?["']?\{ *print +(\$[0-9]+(?:[ ,]+\$[0-9]+)*) *;? *\}["']?$`,
	"cut": `^(?:-d *\S+ +)?-f *([0-9]+(?:,[0-9]+)*)(?: +-d *\S+)?$`,
}

// fields are the columns whose numbers awk and cut have.
func (f *foreignStage) fields() (string, bool) {
	found := regexp.MustCompile(numbersOfFields[strings.TrimPrefix(f.word, "g")]).FindStringSubmatch(f.rest)
	if found == nil {
		return "", false
	}
	var names []string
	visible := f.input.Visible()
	for number := range strings.FieldsFuncSeq(found[1], func(r rune) bool { return r < '0' || r > '9' }) {
		n, err := strconv.Atoi(number)
		if err != nil || n == 0 || n > len(visible) {
			return "", false
		}
		names = append(names, Language.Identifier(visible[n-1].Name).String())
	}
	return "select " + strings.Join(names, ", "), true
}
