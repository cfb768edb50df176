package tables_test

import (
	"io"
	"io/fs"
	"strings"
	"testing"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netlink/netlinktest"
	"netql/sources/vfs/vfstest"
)

// TestContainerNames: what a runtime's files say of the container in which a process runs is beside its sockets.
func TestContainerNames(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		if !lab.HasCgroup() {
			t.Skip("there are no control groups here")
		}
		lab.Containers(t)
		lab.InCgroup(t, lab.DockerScope, func() {
			listener := lab.Listen(t, lab.TCP, "127.0.0.1:0")
			lab.Start(t, lab.Helper{Comm: "nginx"}, listener)
			listener.Close()
		})
		lab.InCgroup(t, lab.PodScope, func() { lab.Start(t, lab.Helper{Comm: "postgres", OtherNamespace: true}) })
		web := row{"container_name": "web", "image": "nginx:1.27", "pod": nil, "pod_namespace": nil}
		db := row{"container_name": "db", "image": "docker.io/library/postgres:17", "pod": "db-0",
			"pod_namespace": "shop"}
		const columns = " | select container_name, image, pod, pod_namespace"
		for query, want := range map[string]row{
			"sockets process == 'nginx'" + columns:        web,
			"processes name == 'nginx'" + columns:         web,
			"processes pod == 'db-0'" + columns:           db,
			"namespaces container_name == 'db'" + columns: db,
		} {
			rows := live(t, query)
			if len(rows) != 1 {
				t.Errorf("%s: %v", query, rows)
				continue
			}
			expect(t, query, rows[0], want)
		}
		same(t, "containers", lines(live(t, "containers | select name, image, runtime, state, process, processes")),
			[]string{
				"image=nginx:1.27 name=web process=nginx processes=1 runtime=docker state=running",
				"image=docker.io/library/postgres:17 name=db process=postgres processes=1 runtime=containerd " +
					"state=running",
				"image=registry.example/migrate:3 name=migrate process=- processes=0 runtime=docker state=exited",
			})
	})
}

// TestForwardsTo: docker-proxy tells where it forwards to, and the container that has the address.
func TestForwardsTo(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Containers(t)
		for _, words := range []string{
			"-proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80 -use-listen-fd",
			"-container-ip 172.17.0.9 -container-port 81", "-container-ip x -container-port 80",
			"-container-ip 172.17.0.9 -container-port 65536", "-container-port 1 -container-ip",
		} {
			listener := lab.Listen(t, lab.TCP, "127.0.0.1:0")
			args := append([]string{"/usr/bin/docker-proxy"}, strings.Fields(words)...)
			lab.Start(t, lab.Helper{Comm: "docker-proxy", Args: args}, listener)
			listener.Close()
		}
		same(t, "forwards", lines(live(t, "sockets state == LISTEN | sort forwards_to | "+
			"select forwards_to, forwards_to_name")), []string{
			"forwards_to=172.17.0.2:80 forwards_to_name=web", "forwards_to=172.17.0.9:81 forwards_to_name=-",
			"forwards_to=- forwards_to_name=-", "forwards_to=- forwards_to_name=-", "forwards_to=- forwards_to_name=-",
		})
	})
}

// TestSocketUnit: a socket tells the socket unit in whose control group it was made, and what it accepts does, too.
func TestSocketUnit(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		if !lab.HasCgroup() {
			t.Skip("there are no control groups here")
		}
		var listener *lab.Socket
		lab.InCgroup(t, "system.slice/web.socket", func() { listener = lab.Listen(t, lab.TCP, "127.0.0.1:0") })
		lab.InCgroup(t, "system.slice/web.service", func() { lab.Listen(t, lab.TCP, "127.0.0.2:0") })
		lab.Dial(t, lab.TCP, listener.Local)
		listener.Accept()
		same(t, "units", lines(live(t, "sockets lport != nil | sort state | count by state, socket_unit")), []string{
			"count=1 socket_unit=- state=ESTABLISHED", "count=1 socket_unit=web.socket state=ESTABLISHED",
			"count=1 socket_unit=- state=LISTEN", "count=1 socket_unit=web.socket state=LISTEN",
		})
	})
}

// TestContainersUnread: where a runtime's files may not be read there is one warning, names are NULL and the
// containers in which processes run are there.
func TestContainersUnread(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	proc := fakeProc(map[string]string{
		"10/stat": "10 (a)" + statOf, "10/cgroup": "0::/docker/" + id + "\n", "10/ns/net": "net:[7]",
		"11/stat": "11 (b)" + statOf, "11/cgroup": "0::/docker/" + id[32:] + strings.Repeat("0", 32) + "\n",
		"11/ns/net": "net:[7]",
		"12/stat":   "12 (c)" + statOf, "12/cgroup": "0::/lxc.payload.mail\n", "12/ns/net": "net:[9]",
	})
	system := &sources.System{Files: proc, Owners: fakeFinder{}, Netlink: netlinktest.Func(nil)}
	a := ask(t, system, "processes | select pid, container_name")
	same(t, "no files", lines(a.rows), []string{"container_name=- pid=10", "container_name=- pid=11",
		"container_name=mail pid=12"})
	if len(a.warnings) > 0 {
		t.Errorf("without a runtime: %q", a.warnings)
	}
	for path, file := range map[string]vfstest.File{
		"/var/lib/docker/containers":                           {Err: fs.ErrPermission},
		"/var/lib/docker/containers/" + id + "/config.v2.json": {Err: fs.ErrPermission},
	} {
		proc[path] = file
	}
	a = ask(t, system, "processes | select pid, container_name")
	if len(a.rows) != 3 || len(a.warnings) != 1 || !strings.Contains(a.warnings[0], "the names of some containers are "+
		"unknown: open /var/lib/docker/containers/"+id+"/config.v2.json: permission denied") {
		t.Errorf("%v, %q", lines(a.rows), a.warnings)
	}
	a = ask(t, system, "containers | select name, pid, runtime")
	same(t, "containers", lines(a.rows), []string{"name=- pid=10 runtime=-", "name=- pid=11 runtime=-",
		"name=mail pid=12 runtime=lxc"})
	if len(a.warnings) != 2 {
		t.Errorf("%q", a.warnings)
	}
}

// opens are files that remember which were asked for.
type opens struct {
	vfstest.Files
	asked *[]string
}

func (o opens) Open(path string) (io.ReadCloser, error) {
	*o.asked = append(*o.asked, path)
	return o.Files.Open(path)
}

// TestContainersNotAsked: no file of a runtime is read where no column needs one, and each once where some do.
func TestContainersNotAsked(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	const file = "/var/lib/docker/containers/" + id + "/config.v2.json"
	proc := fakeProc(map[string]string{
		"10/stat": "10 (a)" + statOf, "10/cgroup": "0::/docker/" + id + "\n", "10/ns/net": "net:[7]",
		"11/stat": "11 (b)" + statOf, "11/cgroup": "0::/docker/" + id + "\n", "11/ns/net": "net:[7]",
	})
	proc[file] = vfstest.File{Text: `{"ID":"` + id + `","Name":"/web","Config":{"Image":"i"}}`}
	for query, want := range map[string]int{
		"processes": 0, "namespaces": 0, "processes | select pid, container, unit, cgroup": 0,
		"processes | select pid, container_name, image, pod, pod_namespace": 1,
	} {
		var asked []string
		system := &sources.System{Files: opens{proc, &asked}, Owners: fakeFinder{}, Netlink: netlinktest.Func(nil)}
		a := ask(t, system, query)
		read, others := 0, 0
		for _, path := range asked {
			if path == file {
				read++
			} else if !strings.HasPrefix(path, "/proc/") && path != "/etc/passwd" {
				others++
			}
		}
		if len(a.rows) == 0 || read != want || want == 0 && others > 0 {
			t.Errorf("%s: %v read %q", query, lines(a.rows), asked)
		}
	}
}
