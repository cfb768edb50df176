package hub

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// full is where nothing more can be written.
type full struct{}

var errFull = errors.New("it is full")

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestUndelivered: credentials that cannot be written are void, those after them are none, and the names of both are
// free again. Those before them are valid.
func TestUndelivered(t *testing.T) {
	i, err := openIssuer(filepath.Join(t.TempDir(), "hub"))
	if err != nil {
		t.Fatal(err)
	}
	defer i.close()
	known := &addition{member: &member{Name: "known"}, out: &output{to: new(bytes.Buffer)}}
	i.add(hostsDir, []*addition{known})
	again := &addition{member: &member{Name: "known"}, out: &output{to: new(bytes.Buffer)}}
	first := &addition{member: &member{Name: "first"}, out: &output{to: new(bytes.Buffer)}}
	lost := &addition{member: &member{Name: "lost"}, out: &output{to: full{}}}
	last := &addition{member: &member{Name: "last"}, out: &output{to: new(bytes.Buffer)}}
	i.add(hostsDir, []*addition{again, first, lost, last})
	if known.err != nil || !errors.Is(again.err, errKnown) || first.err != nil || !errors.Is(lost.err, errFull) ||
		!errors.Is(last.err, errFull) {
		t.Errorf("%v, %v, %v, %v, %v", known.err, again.err, first.err, lost.err, last.err)
	}
	hosts, err := i.files.names(hostsDir)
	revoked, err2 := i.files.names(revokedDir)
	slices.Sort(hosts)
	if err != nil || err2 != nil || !slices.Equal(hosts, []string{"first", "known"}) ||
		!slices.Equal(revoked, []string{lost.member.Key}) {
		t.Errorf("hosts %v, void keys %v; %v, %v", hosts, revoked, err, err2)
	}
}

// TestAddMany: names are many more than those that are done at once.
func TestAddMany(t *testing.T) {
	dir, creds := filepath.Join(t.TempDir(), "hub"), t.TempDir()
	var names []string
	for n := range 2*atOnce + 1 {
		names = append(names, fmt.Sprint("web", n))
	}
	var out bytes.Buffer
	add := append([]string{dir, "add-host", "--out", creds}, names...)
	if status := Main(add, &out, &out); status != 0 || strings.Count(out.String(), ".creds\n") != len(names) {
		t.Fatalf("%d: %s", status, &out)
	}
	listed, err := listed(dir, hostsDir)
	files, err2 := os.ReadDir(creds)
	if err != nil || err2 != nil || len(listed) != len(names) || len(files) != len(names) {
		t.Errorf("%d hosts, %d files; %v, %v", len(listed), len(files), err, err2)
	}
	if err := os.Remove(filepath.Join(creds, "web7.creds")); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if status := Main(add, &out, &out); status != 1 || !strings.Contains(out.String(), "web7 has had credentials") ||
		!strings.HasSuffix(out.String(), "201 of 201 names were left as they are\n") {
		t.Errorf("%d: %s", status, &out)
	}
	if _, err := os.Stat(filepath.Join(creds, "web7.creds")); err == nil {
		t.Error("there is a file without credentials")
	}
}
