package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"netql/query/syntax"
	"netql/shell/ownfile"
)

// somebodyElse is the number of a user who runs no tests.
const somebodyElse = 54321

// written is a home with a file with settings and one with named queries.
func written(t *testing.T) Directory {
	t.Helper()
	d := Directory{t.TempDir(), ".config/netql"}
	err := errors.Join(os.MkdirAll(d.Path(""), 0o700), os.WriteFile(d.Path("config"), []byte("format = csv\n"), 0o600),
		os.WriteFile(d.Path("mine.nq"), []byte("def two = numbers\n"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestForeign: nothing is read or written that belongs to another user, as under sudo -E; whichever of the directories
// and files it is.
func TestForeign(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file to somebody else")
	}
	for _, path := range []string{"", ".config", ".config/netql", ".config/netql/*"} {
		d := written(t)
		given, err := filepath.Glob(filepath.Join(d.Base, path))
		if err != nil || len(given) == 0 {
			t.Fatal(given, err)
		}
		for _, name := range given {
			if err := os.Lchown(name, somebodyElse, -1); err != nil {
				t.Fatal(err)
			}
		}
		if source, err := d.Settings(); source != nil || !errors.Is(err, ownfile.ErrForeign) {
			t.Errorf("%q: %v, %v", path, source, err)
		}
		sources, problems := d.Queries()
		if len(sources) > 0 || len(problems) != 1 || !errors.Is(problems[0], ownfile.ErrForeign) {
			t.Errorf("%q: %v, %v", path, sources, problems)
		}
		if path == ".config/netql/*" {
			os.WriteFile(d.Path(AliasesName), []byte("def old = numbers\n"), 0o600)
			os.Lchown(d.Path(AliasesName), somebodyElse, -1)
		}
		if err := d.Define("a", "def a = numbers"); !errors.Is(err, ownfile.ErrForeign) {
			t.Errorf("%q: %v", path, err)
		}
		if text, _ := os.ReadFile(d.Path(AliasesName)); strings.Contains(string(text), "def a") {
			t.Errorf("%q: written: %s", path, text)
		}
	}
}

// TestDefine: one definition is replaced, and all else stays.
func TestDefine(t *testing.T) {
	d := Directory{t.TempDir(), ".config/netql"}
	for _, step := range []struct{ name, definition, want string }{
		{"a", "def a = one", "def a = one\n"},
		{"b", "def b(x) = two", "def a = one\ndef b(x) = two\n"},
		{"A", "def a = three", "def a = three\ndef b(x) = two\n"},
		{"two words", "def `two words` = x", "def a = three\ndef b(x) = two\ndef `two words` = x\n"},
		{"two words", "def `two words` = y", "def a = three\ndef b(x) = two\ndef `two words` = y\n"},
	} {
		if err := d.Define(step.name, step.definition); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(d.Path(AliasesName))
		text, _ := os.ReadFile(d.Path(AliasesName))
		if err != nil || string(text) != step.want || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %q, %v, %v", step.definition, text, info, err)
		}
	}
	if left, err := os.ReadDir(d.Path("")); err != nil || len(left) != 1 {
		t.Errorf("left: %v, %v", left, err)
	}
	if err := (Directory{filepath.Join(d.Base, "no home"), ".config/netql"}).Define("a", "x"); !errors.Is(err,
		fs.ErrNotExist) {
		t.Errorf("a home was made: %v", err)
	}
}

// TestUndefine: one definition goes with its doc, and all else stays; where there is none, so does the file.
func TestUndefine(t *testing.T) {
	d := Directory{t.TempDir(), ".config/netql"}
	if definition, err := d.Undefine("a"); definition != "" || err != nil {
		t.Errorf("without a file: %q, %v", definition, err)
	}
	if left, err := os.ReadDir(d.Base); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if err := d.Define("a",
		"# Not the doc of a.\n\n# The doc\n// of a.\ndef a = one\n  | two\n\n# b\ndef b = x"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ name, definition, left string }{
		{"c", "", "# Not the doc of a.\n\n# The doc\n// of a.\ndef a = one\n  | two\n\n# b\ndef b = x\n"},
		{"A", "def a = one\n  | two", "# Not the doc of a.\n\n\n# b\ndef b = x\n"},
		{"b", "def b = x", "# Not the doc of a.\n\n\n"},
	} {
		definition, err := d.Undefine(step.name)
		text, _ := os.ReadFile(d.Path(AliasesName))
		if err != nil || definition != step.definition || string(text) != step.left {
			t.Errorf("%s: %q, %v, left %q", step.name, definition, err, text)
		}
	}
}

// TestKept: what a person has written around a definition stays, whatever it is.
func TestKept(t *testing.T) {
	for old, want := range map[string]string{
		"":          "def a = new\n",
		"def b = x": "def b = x\ndef a = new\n",
		"# of a\ndef a = x\n  | y\n\n# of b\ndef b = x\n": "# of a\ndef a = new\n\n# of b\ndef b = x\n",
		"def A(x = \"\ndef b\n":                           "def a = new\ndef b\n",
		"junk\ndef a = x\ndef a = y\n#":                   "junk\ndef a = new\n#",
	} {
		if got := syntax.WithDefinition(old, "a", "def a = new\n"); got != want {
			t.Errorf("%q becomes %q, want %q", old, got, want)
		}
	}
}

// FuzzSettings: no text makes reading settings or showing what is wrong panic, and every line is a setting, a problem,
// a comment or blank.
func FuzzSettings(f *testing.F) {
	for _, text := range []string{"a = b\n# x\n\n = \n==\nx", "\x00", "a=\"b\"", "\xff = 1", "=", " \t=\r\n",
		"a = \"\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		source := &syntax.Source{Name: "config", Text: text}
		settings, problems := Parse(source)
		for _, problem := range problems {
			if shown := problem.ShowWarning(); problem.Hint == "" || strings.ContainsAny(shown, "\x00\x1b") {
				t.Errorf("%q: %q", text, shown)
			}
		}
		for _, s := range settings {
			if s.Key == "" || s.Value == "" && !strings.Contains(text, `""`) {
				t.Errorf("%q: %+v", text, s)
			}
			for _, e := range []*syntax.Error{s.WrongKey("x"), s.WrongValue("x"), s.WrongPart(0, len(s.Value), "x")} {
				if e.Range.Start < 0 || e.Range.End < e.Range.Start || e.Range.Start > len(text) {
					t.Errorf("%q: %v", text, e.Range)
				}
				e.ShowWarning()
			}
		}
	})
}

// TestUser follows the XDG specification.
func TestUser(t *testing.T) {
	t.Setenv("HOME", "/home/someone")
	for config, want := range map[string]string{
		"": "/home/someone/.config/netql/f", "relative": "/home/someone/.config/netql/f", "/x/y": "/x/y/netql/f",
	} {
		t.Setenv("XDG_CONFIG_HOME", config)
		if d, err := User(); err != nil || d.Path("f") != want {
			t.Errorf("%q: %v, %v", config, d, err)
		}
	}
}
