package tables_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// object is a JSON object of ip(8).
type object map[string]any

// ipJSON asks ip(8), whose numbers stay texts so that none is rounded.
func ipJSON(t testing.TB, args ...string) (list []object) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(ip(t,
		append([]string{"-json", "-details", "-statistics", "-statistics"}, args...)...)))
	decoder.UseNumber()
	if err := decoder.Decode(&list); err != nil {
		t.Fatal(err)
	}
	return list
}

// inside is a value some levels down; nil where there is none.
func (o object) inside(path ...string) any {
	var value any = map[string]any(o)
	for _, name := range path {
		inner, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = inner[name]
	}
	return value
}

// agree compares until both sides tell the same: the kernel works on while they are asked.
func agree(t *testing.T, what string, sides func() (got, want []string)) {
	t.Helper()
	for try := 0; ; try++ {
		got, want := sides()
		if len(missing(got, want))+len(missing(want, got)) == 0 {
			if len(got) == 0 {
				t.Errorf("%s: nothing to compare", what)
			}
			return
		}
		if try == 5 {
			same(t, what, got, want)
			return
		}
	}
}
