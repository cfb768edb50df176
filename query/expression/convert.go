package expression

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"netql/query/schema"
	"netql/query/syntax"
)

// resolve gives a bare word the meaning that it has opposite an enum, flags, a port or a text.
func (b *builder) resolve(word, side operand) (operand, error) {
	switch side.typ.Kind {
	case schema.Enum, schema.Flags:
		value, err := b.vocabularyWord(word.at(), word.word, side)
		return constant(word.source, schema.Type{Kind: schema.Enum, Words: side.typ.Words}, value), err
	case schema.Port:
		port, err := b.port(word, word.word)
		return constant(word.source, side.typ, port), err
	case schema.List:
		side.typ = elementType(side.typ)
		switch side.typ.Kind {
		case schema.Enum, schema.Port, schema.Text:
			return b.resolve(word, side)
		}
	case schema.Text:
		if !side.constant {
			return b.textWord(word)
		}
	}
	return operand{}, b.unknownColumn(word)
}

// vocabularyWord finds the canonical spelling of a value of an enum or flags operand.
func (b *builder) vocabularyWord(at syntax.Range, spelling string, side operand) (string, error) {
	words := side.typ.Words
	if canonical, ok := words.Find(spelling); ok {
		return canonical, nil
	}
	all := make([]string, 0, len(words.Words()))
	for _, word := range words.Words() {
		all = append(all, word.Name)
	}
	e := syntax.Errorf(at, "%s is never %q", side.name(), spelling)
	if near := syntax.Nearest(spelling, all); near != "" {
		return "", e.WithHint("did you mean %s?", near).WithFix(at, "%s", near)
	}
	return "", e.WithHint("its values: %s", strings.Join(all, ", "))
}

// port is the number of a service, which an operand names.
func (b *builder) port(of operand, name string) (int, error) {
	if b.scope.Ports != nil {
		if port, ok := b.scope.Ports(name); ok {
			if b.scope.FoundPort != nil {
				b.scope.FoundPort(of.source, port)
			}
			return port, nil
		}
	}
	return 0, syntax.Errorf(of.at(), "no service is called %q", name).
		WithHint("write the port's number; names come from /etc/services")
}

func (b *builder) unknownColumn(word operand) *syntax.Error {
	if word.unknown != nil {
		return word.unknown
	}
	return UnknownColumn(b.scope.Schema, word.word, word.at())
}

// UnknownColumn is the error for a name that is no column, with the nearest one or a way to find it.
func UnknownColumn(s schema.Schema, name string, at syntax.Range) *syntax.Error {
	names := s.Names()
	e := syntax.Errorf(at, "unknown column %q in %s", name, s.Source)
	switch s.After {
	case "":
	case "drop":
		e = syntax.Errorf(at, "unknown column %q: it is not among those that drop has left", name)
	default:
		e = syntax.Errorf(at, "unknown column %q: after %s only the listed columns exist", name, s.After)
	}
	e.NamesNothing(name)
	if near := nearestColumn(s, name); near != "" {
		return e.WithHint("did you mean %q?", near).WithFix(at, "%s", near)
	}
	if begun := begunBy(names, name); len(begun) == 1 {
		return e.WithHint("did you mean %q?", begun[0]).WithFix(at, "%s", begun[0])
	} else if begun != nil {
		return e.WithHint("columns that begin so: %s", strings.Join(begun, ", "))
	}
	if s.After != "" || len(names) <= 20 {
		return e.WithHint("columns: %s", strings.Join(names, ", "))
	}
	return e.WithHint("the columns are listed by: columns table == %q; text needs quotes", s.Source)
}

// begunBy are the names that begin with a part of three letters or more; none where they are more than a hint can list.
func begunBy(names []string, part string) (begun []string) {
	const fewest, most = 3, 8
	for _, name := range names {
		if len(part) >= fewest && strings.HasPrefix(name, strings.ToLower(part)) {
			begun = append(begun, name)
		}
	}
	if len(begun) > most {
		return nil
	}
	return begun
}

// nearestColumn is the column that is meant by a name: one that people look for by that name, else one of the same
// words in another order, else the one that is spelt most like it; "" for none.
func nearestColumn(s schema.Schema, name string) string {
	words := wordsOf(name)
	for _, c := range s.Columns {
		if slices.ContainsFunc(c.Synonyms, func(other string) bool { return strings.EqualFold(other, name) }) {
			return c.Name
		}
	}
	for _, c := range s.Columns {
		if slices.Equal(wordsOf(c.Name), words) {
			return c.Name
		}
	}
	return syntax.Nearest(name, s.Names())
}

// wordsOf are the words of a name, in alphabetical order.
func wordsOf(name string) []string {
	return slices.Sorted(strings.SplitSeq(strings.ToLower(name), "_"))
}

// convert turns a constant into the value that it is opposite the other operand, or says why it is none.
func (b *builder) convert(c, side operand) (any, error) {
	text, isText := c.value.(string)
	if isText && c.typ.Kind == schema.Text {
		return b.convertText(c, text, side)
	}
	switch kind := side.typ.Kind; {
	case kind == schema.Any || c.typ.Kind == schema.Any:
		return c.value, nil
	case kind == schema.Duration && c.number:
		if c.value == 0 {
			return time.Duration(0), nil
		}
		return nil, b.withoutUnit(c)
	case kind == schema.Address && c.typ.Kind == schema.MAC:
		if addr, err := schema.ParseAddr(schema.Format(c.value)); err == nil {
			return addr, nil // eight groups of two digits are both
		}
	case side.typ.Numeric() && c.typ.Numeric():
		if err := b.percentMeant(c, side); err != nil {
			return nil, err
		}
		return c.value, b.sameUnit(c, side)
	case kind == schema.Prefix && c.typ.Kind == schema.Address:
		addr := c.value.(netip.Addr)
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	case kind == schema.Address && c.typ.Kind == schema.Prefix:
		return c.value, nil
	case kind == schema.Enum && c.typ.Kind == schema.Enum:
		return c.value, nil
	case kind == schema.Text:
		return nil, b.otherKind(c, side).WithHint("text needs quotes: %q", c.name())
	}
	if c.typ.Kind == side.typ.Kind {
		return c.value, nil
	}
	return nil, b.otherKind(c, side)
}

// withoutUnit is the error for a bare number opposite a duration. M is mega, though people mean minutes.
func (b *builder) withoutUnit(c operand) error {
	text := c.typed()
	e := syntax.Errorf(c.at(), "%s of what?", text)
	if minutes, ok := strings.CutSuffix(text, "M"); ok {
		return e.WithHint("M is mega; minutes are %sm", minutes)
	}
	number := strings.TrimRight(text, "kKMGTPi%")
	return e.WithHint("durations have a unit: %sms, %ss", number, number)
}

// percentMeant is the error for a number opposite a share that this cannot be, such as 80 where 80% is meant.
func (b *builder) percentMeant(c, side operand) error {
	number, _ := c.value.(float64)
	if n, ok := c.value.(int); ok {
		number = float64(n)
	}
	if side.column == nil || side.column.Share == 0 || number <= float64(side.column.Share) {
		return nil
	}
	text := c.typed()
	e := syntax.Errorf(c.at(), "%s is a share, of which 1 is the whole", side.name())
	if strings.HasSuffix(text, "%") {
		return e.WithHint("it is 100%% at most")
	}
	if strings.Trim(text, "0123456789.") != "" {
		return e.WithHint("percentages are written so: 80%%")
	}
	return e.WithHint("did you mean %s%%?", text).WithFix(c.at(), "%s%%", text)
}

// convertText takes quoted text for what the other side is, where it spells such a value.
func (b *builder) convertText(c operand, text string, side operand) (any, error) {
	var value any
	var err error
	switch side.typ.Kind {
	case schema.Any, schema.Text:
		return text, nil
	case schema.Enum, schema.Flags:
		word, err := b.vocabularyWord(c.at(), text, side)
		if err != nil && side.typ.Words.Open() {
			return text, nil
		}
		return word, err
	case schema.Port:
		if _, notNumber := strconv.Atoi(text); notNumber != nil {
			return b.port(c, text)
		}
	case schema.Address:
		value, err = parseNetwork(text)
		return value, b.spelled(err, c, side)
	case schema.Prefix:
		value, err = parseNetwork(text)
		if addr, ok := value.(netip.Addr); ok {
			value = netip.PrefixFrom(addr, addr.BitLen())
		}
		return value, b.spelled(err, c, side)
	case schema.Endpoint:
		value, err = schema.ParseAddrPort(text)
		return value, b.spelled(err, c, side)
	case schema.Time:
		value, err = time.Parse(time.RFC3339, text)
		return value, b.spelled(err, c, side)
	case schema.MAC:
		if mac, ok := schema.ParseHardwareAddr(text); ok {
			return mac, nil
		}
	}
	e := b.otherKind(c, side)
	if side.typ.Numeric() || side.typ.Kind == schema.Duration || side.typ.Kind == schema.Bool {
		return nil, e.WithHint("write it without quotes")
	}
	return nil, e
}

func parseNetwork(text string) (any, error) {
	if strings.Contains(text, "/") {
		return schema.ParsePrefix(text)
	}
	return schema.ParseAddr(text)
}

// spelled is the error for text that does not spell a value of the other side's kind.
func (b *builder) spelled(err error, c, side operand) error {
	if err == nil {
		return nil
	}
	return b.otherKind(c, side)
}

func (b *builder) otherKind(c, side operand) *syntax.Error {
	e := syntax.Errorf(c.at(), "%s, and %s is not", side.described(), c.name())
	if minutes, ok := strings.CutSuffix(c.name(), "m"); ok && c.typ.Kind == schema.Duration && side.typ.Numeric() {
		return e.WithHint("m is minutes; mega is %sM", minutes)
	}
	return e.WithHint("%s is written so: %s", article(side.typ), examples[side.typ.Kind])
}

// examples are literals of each kind.
var examples = map[schema.Kind]string{
	schema.Bool: "true", schema.Int: "80, 10k, 4MiB", schema.Float: "0.5", schema.Port: "443, ssh",
	schema.Text: `"nginx"`, schema.Enum: "a word without quotes", schema.Flags: "flags contains UP",
	schema.Address: "10.0.0.1, 10.0.0.0/8, fe80::1%eth0", schema.Prefix: "10.0.0.0/8",
	schema.Endpoint: `"10.0.0.1:443"`, schema.MAC: "aa:bb:cc:dd:ee:ff", schema.Duration: "5ms, 1.5s, 1h30m",
	schema.Time: `"2026-01-31T03:00:00Z"`, schema.List: "[1, 2]", schema.Object: "owners[0].pid", schema.Any: "1",
}

// sameUnit refuses a size opposite a rate, and either opposite a plain count.
func (b *builder) sameUnit(c, side operand) error {
	if c.unit == schema.None || c.unit == side.unit || side.unit == schema.Mixed || side.number {
		return nil
	}
	what := "counts " + string(side.unit)
	switch side.unit {
	case schema.None:
		what = "is a plain number"
	case schema.Bytes, schema.BitsPerSecond:
		what = "is in " + string(side.unit)
	}
	return syntax.Errorf(c.at(), "%s %s, and %s is in %s", side.name(), what, c.name(), c.unit).
		WithHint("sizes look like 4MiB, rates like 100Mbit, counts like 10k")
}
