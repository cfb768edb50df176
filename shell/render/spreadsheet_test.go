package render_test

import (
	"strings"
	"testing"
	"time"

	"netql/query/schema"
	"netql/shell/render"
)

// TestSpreadsheet: no text is a formula where somebody wants none, and numbers stay numbers.
func TestSpreadsheet(t *testing.T) {
	columns := []*schema.Column{}
	for i, name := range []string{"a", "=b"} {
		columns = append(columns, &schema.Column{Name: name, Type: schema.Of(schema.Text),
			Value: schema.Boxing(func(r schema.Row) any {
				return (*r.(*values))[i]
			})})
	}
	rows := []values{
		{"=1+1", "a=1"}, {"+1", 1}, {"-1", -1}, {"@x", -1.5}, {"\tx", -time.Second},
		{"\rx", nil}, {"\n=x", ""}, {"\uff1dx", true}, {`=x,"y`, []string{"=x"}}, {"'=x", " =x"},
	}
	for _, test := range []struct {
		options render.Options
		want    string
	}{
		{render.Options{Format: "csv", CSVSafe: true}, "a,'=b|'=1+1,a=1|'+1,1|'-1,-1|'@x,-1.5|'\tx,-1|\"'\rx\",|" +
			"\"'\n=x\",|'\uff1dx,true|\"'=x,\"\"y\",\"[\"\"=x\"\"]\"|'=x,\" =x\"|"},
		{render.Options{Format: "tsv", CSVSafe: true}, "a\t'=b|'=1+1\ta=1|'+1\t1|'-1\t-1|'@x\t-1.5|'\\tx\t-1|'\\rx\t|" +
			"'\\n=x\t|'\uff1dx\ttrue|'=x,\"y\t[\"=x\"]|'=x\t =x|"},
		{render.Options{Format: "csv"}, "a,=b|=1+1,a=1|+1,1|-1,-1|@x,-1.5|\"\tx\",-1|\"\rx\",|" +
			"\"\n=x\",|\uff1dx,true|\"=x,\"\"y\",\"[\"\"=x\"\"]\"|'=x,\" =x\"|"},
	} {
		var out strings.Builder
		if _, err := render.Write(t.Context(), &out, columns, stream(rows), test.options); err != nil {
			t.Fatal(err)
		}
		if want := strings.ReplaceAll(test.want, "|", "\n"); out.String() != want {
			t.Errorf("%+v:\n%q, want\n%q", test.options, out.String(), want)
		}
	}
}
