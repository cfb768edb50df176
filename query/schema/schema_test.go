package schema

import (
	"encoding/json"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"nginx": "nginx", "línea": "línea", "日本": "日本", "a b": "a b", "\x1b[31mred": `\x1b[31mred`,
		"a\nb\r\t": `a\nb\r\t`, "\x00": `\x00`,
		"\x7f": `\x7f`, "\u009b": `\x9b`, "a\u202eb": `a\u202eb`, "\u200b": `\u200b`, "\u2028": `\u2028`,
		"\xff": `\xff`, "\U000e0001": `\U000e0001`, "\u00a0": `\xa0`,
	} {
		if got := Visible(text); got != want {
			t.Errorf("Visible(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestCompareIsTyped: values sort by what they mean.
func TestCompareIsTyped(t *testing.T) {
	states := Words("LISTEN", "ESTABLISHED", "CLOSED")
	addr := netip.MustParseAddr
	for _, c := range []struct {
		typ    Type
		sorted []any
	}{
		{Of(Int), []any{-5, 2, 2.5, 10, math.MaxInt, nil, nil}},
		{Of(Text), []any{"", "B", "a", nil}},
		{Of(Address), []any{addr("9.0.0.1"), addr("10.0.0.1"), addr("::1"), addr("fe80::1"), addr("fe80::1%eth0"),
			nil}},
		{Of(Prefix), []any{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/16"), nil}},
		{Of(Endpoint), []any{netip.MustParseAddrPort("10.0.0.1:80"), netip.MustParseAddrPort("10.0.0.1:443"), nil}},
		{Of(Duration), []any{time.Millisecond, time.Second, nil}},
		{Of(Bool), []any{false, true, nil}},
		{Of(Time), []any{time.Unix(1, 0), time.Unix(2, 0), nil}},
		{Type{Kind: Enum, Words: states}, []any{"LISTEN", "ESTABLISHED", "CLOSED", nil}},
		{ListOf(Of(Int)), []any{[]any{1}, []any{1, 2}, []any{2}, nil}},
	} {
		shuffled := slices.Clone(c.sorted)
		slices.Reverse(shuffled)
		slices.SortStableFunc(shuffled, c.typ.Compare)
		if got, want := Format(shuffled), Format(c.sorted); got != want {
			t.Errorf("%s: sorted %s, want %s", c.typ, got, want)
		}
	}
}

// TestKey: equal values have one key, different ones have two, and every value can be a map's key.
func TestKey(t *testing.T) {
	values := []any{
		nil, 1, 1.5, "1", true, time.Second, time.Unix(5, 0), netip.MustParseAddr("::1"),
		netip.MustParsePrefix("::/0"), HardwareAddr("123456"),
		[]string{"a"}, []any{"a", 1}, []any{}, Record{Fields: []Field{{Name: "pid"}}, Values: []any{1}}, `["a"]`,
		math.NaN(),
	}
	seen := map[any]int{}
	for i, v := range values {
		if j, twice := seen[Key(v)]; twice {
			t.Errorf("%v and %v have the same key", values[j], v)
		}
		seen[Key(v)] = i
	}
	if Key([]any{"a", 1}) != Key([]any{"a", 1}) || Key(time.Unix(5, 0)) != Key(time.Unix(5, 0).UTC()) {
		t.Error("equal values have different keys")
	}
}

func TestFormat(t *testing.T) {
	for want, v := range map[string]any{
		"": nil, "5": 5, "0.005": 5 * time.Millisecond, "1.5": 1.5, "100000000000": 1e11, "true": true,
		"10.0.0.1:80":           netip.MustParseAddrPort("10.0.0.1:80"),
		"aa:00:00:00:00:01":     HardwareAddr("\xaa\x00\x00\x00\x00\x01"),
		"2026-01-02T03:04:05Z":  time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		`["UP","a\"b"]`:         []string{"UP", `a"b`},
		`{"pid":1,"name":null}`: Record{Fields: []Field{{Name: "pid"}, {Name: "name"}}, Values: []any{1, nil}},
	} {
		if got := Format(v); got != want {
			t.Errorf("Format(%v) = %s, want %s", v, got, want)
		}
	}
}

func TestVocabulary(t *testing.T) {
	v := NewVocabulary(Word{Name: "TIME_WAIT", Aliases: []string{"TIMED_WAIT"}, Level: Busy}, Word{Name: "LISTEN"})
	for _, spelling := range []string{"TIME_WAIT", "time-wait", "Time Wait", "timed_wait", "timed-wait"} {
		if word, ok := v.Find(spelling); !ok || word != "TIME_WAIT" {
			t.Errorf("Find(%q) = %q, %v", spelling, word, ok)
		}
	}
	if _, ok := v.Find("TIME"); ok || v.Rank("LISTEN") != 1 || v.Rank("NOPE") != 2 || v.Level("TIME_WAIT") != Busy ||
		v.Level("NOPE") != Plain {
		t.Error("an unknown word is found, or ranks wrong")
	}
	if open := OpenWords("tcp"); !open.Open() || v.Open() || open.Rank("tcp") != 0 {
		t.Error("only OpenWords makes an open vocabulary")
	}
	if _, ok := OpenWords("tcp").Find("new"); ok {
		t.Error("an open vocabulary finds a word that it does not have")
	}
}

// FuzzText: JSON of any text reads back as the text (bytes that are no characters as U+FFFD), and neither JSON nor
// Visible lets anything through that a terminal obeys or hides.
func FuzzText(f *testing.F) {
	for _, text := range []string{"", "nginx", "\x1b[31m", "a\"b\\c", "\u202e", "\xff\xfe", "\U0001f600", "\u2028",
		"\x00", "\u009b1m"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		encoded := AppendJSONString(nil, text)
		var back string
		if err := json.Unmarshal(encoded, &back); err != nil {
			t.Fatalf("%q: %s: %v", text, encoded, err)
		}
		if back != string([]rune(text)) {
			t.Fatalf("%q: %s reads back as %q", text, encoded, back)
		}
		for _, safe := range []string{Visible(text), strings.ReplaceAll(string(encoded), string(utf8.RuneError), "")} {
			if Visible(safe) != safe {
				t.Fatalf("%q: %q is not safe", text, safe)
			}
		}
	})
}
