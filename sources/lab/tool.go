package lab

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Tool runs a program of the machine with an input, and gives what it prints. Where there is no such program the test is
// skipped; with CI=true that is a failure instead, as in Require.
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
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
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

// quietLinks keeps new links from getting an address of the kernel's choice: 1 in addr_gen_mode (ip-sysctl in the kernel's
// documentation).
func quietLinks(t testing.TB) {
	t.Helper()
	set(t, map[string]string{"net/ipv6/conf/default/addr_gen_mode": "1"})
}
