package complete

import (
	"fmt"
	"strings"
	"testing"
)

func TestParts(t *testing.T) {
	for text, want := range map[string]string{
		"":        "",
		"sockets": "table:sockets",
		"sock":    "",
		"sock ":   "unknown:sock",
		"sokets":  "unknown:sokets",
		"sockets state == LISTEN and rtt > 5ms": "table:sockets column:state value:LISTEN keyword:and column:rtt " +
			"literal:5ms",
		"sockets state == LISTEM ":            "table:sockets column:state unknown:LISTEM",
		"sockets process == nginx | where rt": "table:sockets column:process stage:where",
		"sockets process == 'a b' or proces == 'x": "table:sockets column:process literal:'a b' keyword:or " +
			"unknown:proces open:'",
		"sockets | where (rtt > 1s or (rport == 22)": "table:sockets stage:where open:( column:rtt literal:1s " +
			"keyword:or column:rport literal:22",
		"sockets | extend ms = rtt, x = upper(process ?? \"?\") | select ms, nonesuch ": "table:sockets stage:extend " +
			"column:rtt function:upper column:process literal:\"?\" stage:select column:ms unknown:nonesuch",
		"sockets | filter rtt > 1s | order rtt": "table:sockets column:rtt literal:1s column:rtt",
		"sockets | stats n = count(), max(rtt) by process": "table:sockets stage:stats aggregate:count " +
			"aggregate:max column:rtt keyword:by column:process",
		" explain sockets | limit 3": "command:explain table:sockets stage:limit literal:3",
		"export a.csv sockets":       "command:export",
		"schema | limit 3":           "unknown:schema stage:limit literal:3",
		"sockets | where $":          "table:sockets stage:where unknown:$",
	} {
		var got []string
		for _, part := range source().Parts(text) {
			got = append(got, fmt.Sprintf("%s:%s", part.Kind, text[part.Start:part.End]))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q\n got %s\nwant %s", text, strings.Join(got, " "), want)
		}
	}
}
