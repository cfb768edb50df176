package asker

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"netql/shell/fleet/agent"
	"netql/shell/fleet/connect"
	"netql/shell/fleet/fleettest"
)

// TestRoles: credentials of a user are not for an agent, nor those of a host for who asks, nor those of a leaf node for
// either; all are told at once.
func TestRoles(t *testing.T) {
	h := fleettest.NewHub(t)
	web1, alice := h.Add("add-host", "web1"), h.Add("add-user", "alice")
	carol := h.Add("add-user", "carol", "--hosts", "web1")
	site := t.TempDir()
	h.Command("config", "--out", site, "--name", "site1", "--leaf-of", "nats1")
	site1 := filepath.Join(site, "leafnode.creds")
	for path, whose := range map[string]string{alice: "user, alice", carol: "user, carol", site1: "leafnode, site1"} {
		var out bytes.Buffer
		host := (&fleettest.Machine{}).Host()
		status := agent.Main([]string{"--hub", h.Server, "--creds", path}, host, &out, &out)
		want := "netql-fleet agent: " + path + ": these are the credentials of a " + whose +
			"; an agent needs those of a host, which netql-fleet hub DIR add-host NAME makes\n"
		if status != 2 || out.String() != want {
			t.Errorf("status %d: %s, want %s", status, &out, want)
		}
	}
	for path, whose := range map[string]string{web1: "host, web1", site1: "leafnode, site1"} {
		_, err := open(t.Context(), target{servers: []string{h.Server}}, h.Credentials(path))
		want := path + ": these are the credentials of a " + whose + "; who asks needs those of a user, which " +
			"netql-fleet hub DIR add-user NAME makes"
		if _, ok := errors.AsType[*connect.RoleError](err); !ok || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestRemovedHost: the agent of a host that was removed says that its credentials are void, once.
func TestRemovedHost(t *testing.T) {
	t.Parallel()
	h := fleettest.NewHub(t)
	log := new(fleettest.Log)
	h.Agent(h.Add("add-host", "web1"), &fleettest.Machine{}, func(c *agent.Config) { c.Log = log })
	log.Await(t, "is connected")
	h.Command("remove-host", "web1")
	for range 2 { // it tries again
		h.Log.Await(t, "authentication error")
		h.Log.Forget("authentication error")
	}
	log.Await(t, "no connection: the server does not take the credentials of web1, which may be void")
	if strings.Count(log.String(), "no connection") != 1 || strings.Count(log.String(), "\n") > 3 {
		t.Errorf("%s", log)
	}
}

// TestStopWithoutConnection: an agent that has never been connected stops at once.
func TestStopWithoutConnection(t *testing.T) {
	h := fleettest.NewHub(t)
	creds := h.Credentials(h.Add("add-host", "web1"))
	h.Close()
	a, err := agent.Start(agent.Config{Credentials: creds, Servers: []string{h.Server},
		Host: (&fleettest.Machine{}).Host(), Limits: agent.DefaultLimits(), Log: new(fleettest.Log)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if a.Stop(ctx); ctx.Err() != nil {
		t.Error("it waits for somebody whom it could tell")
	}
}

// TestUnreachable: it is said why no hub can be reached.
func TestUnreachable(t *testing.T) {
	h := fleettest.NewHub(t)
	alice := h.Credentials(h.Add("add-user", "alice"))
	h.Close()
	_, err := open(t.Context(), target{servers: []string{"tls://" + h.Server}}, alice)
	want := "tls://" + h.Server + ": dial tcp " + h.Server + ": connect: connection refused (is the hub at work there?)"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
