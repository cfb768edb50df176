package lab

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Need skips a test, loudly, where a program of the machine is missing that it compares with or makes something by, or
// a file that it reads; with CI=true that is a failure instead, as in Require. Such tests are left out by -short.
func Need(t testing.TB, names ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("a test by the machine's programs, which -short leaves out")
	}
	for _, name := range names {
		_, err := exec.LookPath(name)
		if strings.HasPrefix(name, "/etc/") {
			_, err = os.Stat(name)
		}
		if err != nil {
			impossible(t, "there is no "+name+" (.ci/test installs it)")
		}
	}
}

// Tool runs a program of the machine, which it Needs, with an input, and gives what it prints.
func Tool(t testing.TB, input, name string, args ...string) string {
	t.Helper()
	text, err := tool(t, input, name, args...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, text)
	}
	return text
}

// Try is Tool for what a kernel may not have: a failure is told, and is none of the test's.
func Try(t testing.TB, input, name string, args ...string) {
	t.Helper()
	if text, err := tool(t, input, name, args...); err != nil {
		t.Logf("%s %s: %v\n%s", name, strings.Join(args, " "), err, text)
	}
}

func tool(t testing.TB, input, name string, args ...string) (string, error) {
	t.Helper()
	Need(t, name)
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdin = strings.NewReader(input)
	var errors strings.Builder
	cmd.Stderr = &errors
	text, err := cmd.Output()
	if err != nil {
		return string(text) + errors.String(), err
	}
	return string(text), nil
}

// set writes files of /proc/sys.
func set(t testing.TB, values map[string]string) {
	t.Helper()
	for name, value := range values {
		if err := os.WriteFile("/proc/sys/"+name, []byte(value), 0); err != nil {
			t.Fatalf("lab: %v", err)
		}
	}
}

// quietLinks keeps new links from getting an address of the kernel's choice: 1 in addr_gen_mode (ip-sysctl in the
// kernel's documentation).
func quietLinks(t testing.TB) {
	t.Helper()
	set(t, map[string]string{"net/ipv6/conf/default/addr_gen_mode": "1"})
}
