package querytest

import (
	"os"
	"strconv"
	"testing"
)

// FromEnvironment is the number that a variable of the environment has, or else the usual one.
func FromEnvironment(t *testing.T, name string, usual uint64) uint64 {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		return usual
	}
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
