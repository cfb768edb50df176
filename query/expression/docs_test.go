package expression

import (
	"os"
	"strings"
	"testing"
)

// TestLanguageIsDocumented: every function, aggregate and function of samples has its place in docs/language.md, with
// its arguments.
func TestLanguageIsDocumented(t *testing.T) {
	data, err := os.ReadFile("../../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	document := string(data)
	for _, f := range Builtins {
		if !strings.Contains(document, "`"+f.Signature()+"`") {
			t.Errorf("docs/language.md lacks %s", f.Signature())
		}
	}
	for _, f := range ListFunctions {
		if !strings.Contains(document, "`"+f.Name+"(list, ") {
			t.Errorf("docs/language.md lacks %s", f.Signature())
		}
	}
	for _, f := range SampleFunctions {
		if !strings.Contains(document, "`"+f.Signature()+"`") {
			t.Errorf("docs/language.md lacks %s", f.Signature())
		}
	}
	for _, f := range AggregateFunctions {
		if !strings.Contains(document, "`"+f.Signature()+"`") {
			t.Errorf("docs/language.md lacks %s", f.Signature())
		}
	}
}
