package subprocess

import (
	"context"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote"
	"netql/shell/remote/answer"
	"netql/shell/remote/frame"
	"netql/sources/lab"
)

// answeringEnv is the variable by which this program knows that it is to answer, in place of netql.
const answeringEnv = "NETQL_TEST_ANSWERS"

func TestMain(m *testing.M) {
	if os.Getenv(answeringEnv) == "" {
		os.Exit(m.Run())
	}
	host := answer.Host{
		Hello: func() frame.Hello { return frame.Hello{Proto: frame.Proto, Version: "test"} },
		Open: func(*frame.Ask) (answer.Target, error) {
			return answer.Target{Catalog: catalog(), State: func() query.State { return state{} }}, nil
		},
	}
	if err := host.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type state struct{}

func (state) Port(string) (int, bool) { return 0, false }

// number is a row of the table numbers, which has so many that not all are sent at once.
type number int

const numbers = 200_000

type scan struct{}

func (scan) String() string { return "made up" }

func (scan) Rows(context.Context) iter.Seq2[*number, error] {
	return func(yield func(*number, error) bool) {
		for i := range numbers {
			if n := number(i); !yield(&n, nil) {
				return
			}
		}
	}
}

func catalog() *query.Catalog {
	return query.NewCatalog([]query.Declaration{{Name: "numbers", Table: func() *query.Table {
		return query.Define(query.Spec[number]{
			Doc: "Numbers.", Shown: []string{"n"}, Key: []string{"n"},
			Columns: []query.Column[number]{query.Col("n", "", func(n *number) int { return int(*n) })},
			Scan:    func(query.Request) query.Scan[number] { return scan{} },
		})
	}}})
}

// sshWords makes keys and configurations for an sshd that ssh itself starts, and gives ssh's words. The key of web1 and
// web2 can do nothing but answer, that of none runs what ssh asks for, and gone is not there.
func sshWords(t *testing.T) []string {
	t.Helper()
	directory := t.TempDir()
	in := func(name string) string { return filepath.Join(directory, name) }
	write := func(name, text string) {
		if err := os.WriteFile(in(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"server", "answers", "any"} {
		lab.Tool(t, "", "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", in(key))
	}
	public := func(key string) string {
		text, err := os.ReadFile(in(key + ".pub"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	sshd, err := exec.LookPath("sshd") // which wants to know its own path
	if err != nil {
		t.Fatal(err)
	}
	write("authorized", fmt.Sprintf("restrict,command=\"%s=1 %s\" %s", answeringEnv, self, public("answers"))+
		public("any"))
	write("sshd_config", fmt.Sprintf("HostKey %s\nAuthorizedKeysFile %s\nStrictModes no\nUsePAM no\n",
		in("server"), in("authorized")))
	write("config", fmt.Sprintf("Host gone\n  ProxyCommand false\nHost none\n  IdentityFile %s\nHost *\n"+
		"  IdentityFile %s\n  ProxyCommand %s -i -f %s\n  IdentitiesOnly yes\n  HostKeyAlias web\n"+
		"  UserKnownHostsFile %s\n  StrictHostKeyChecking accept-new\n  BatchMode yes\n",
		in("any"), in("answers"), sshd, in("sshd_config"), in("known")))
	return []string{"ssh", "-T", "-F", in("config")}
}

// TestSSH: hosts are reached by ssh and sshd, by a key that can do nothing else. All rows arrive, and who is not there,
// or has no netql, is told.
func TestSSH(t *testing.T) {
	lab.Need(t, "ssh", "ssh-keygen", "sshd")
	if os.Getuid() == 0 { // sshd wants an empty directory
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	words := sshWords(t)
	names := []string{"web1", "gone", "web2", "none"}
	transport := &Transport{Abreast: 2}
	for _, name := range names {
		transport.Hosts = append(transport.Hosts, Host{name, Command(words, name)})
	}
	told := askAll(t, transport, names, 2)
	if len(told) != 1 || !strings.HasPrefix(told[0], "2 of 4 hosts (gone, none): failed: ") {
		t.Errorf("%q", told)
	}
}

// askAll asks for the numbers of hosts, and wants all of those of so many hosts and none of the others. It gives what
// is told.
func askAll(t *testing.T, transport *Transport, names []string, answering int) (told []string) {
	t.Helper()
	hosts := remote.New(names, transport, remote.Options{Timeout: time.Minute})
	local := &query.Local{Text: "numbers", Hosts: []int{0}, Columns: []*schema.Column{
		{Name: "host", Type: schema.Of(schema.Text)}, {Name: "n", Type: schema.Of(schema.Int)},
	}}
	rows, sums := map[string]int{}, map[string]int{}
	for row, err := range hosts.Ask(t.Context(), local, func(w string) { told = append(told, w) }) {
		if err != nil {
			t.Fatal(err)
		}
		name, _ := row[0].Text()
		rows[name]++
		sums[name] += row[1].Any().(int)
	}
	for name := range rows {
		if rows[name] != numbers || sums[name] != numbers*(numbers-1)/2 {
			t.Errorf("%s: %d rows, %d", name, rows[name], sums[name])
		}
	}
	if len(rows) != answering {
		t.Errorf("%d hosts have answered", len(rows))
	}
	return told
}

// TestManyRows: rows that are more than the credit of hosts at first arrive all, of hosts that wait for each other.
func TestManyRows(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	transport, names := &Transport{Abreast: 3}, []string{"web1", "web2", "web3", "web4", "web5"}
	for _, name := range names {
		words := []string{"env", answeringEnv + "=1", "NAME={}", self}
		transport.Hosts = append(transport.Hosts, Host{name, Command(words, name)})
	}
	if told := askAll(t, transport, names, len(names)); told != nil {
		t.Errorf("%q", told)
	}
}

// TestCommand: the words of a program have the name of the host in the place of {}, or behind them.
func TestCommand(t *testing.T) {
	for _, test := range []struct{ via, want string }{
		{"", "ssh -T -oBatchMode=yes -oConnectTimeout=5 web1 netql answer"},
		{"ssh -p 2222", "ssh -p 2222 web1 netql answer"},
		{"ssh -p 2222 admin@{}.example /opt/netql answer", "ssh -p 2222 admin@web1.example /opt/netql answer"},
		{"kubectl exec -i {} -- netql answer", "kubectl exec -i web1 -- netql answer"},
	} {
		if got := strings.Join(Command(strings.Fields(test.via), "web1"), " "); got != test.want {
			t.Errorf("%q: %s", test.via, got)
		}
	}
}
