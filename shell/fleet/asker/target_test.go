package asker

import (
	"errors"
	"fmt"
	"testing"
)

// TestTarget: servers and hosts are taken apart, and hosts may stand in files, each host once.
func TestTarget(t *testing.T) {
	read := func(file string) (string, error) {
		if file != "/etc/my hosts" {
			return "", errors.New("there is no " + file)
		}
		return "web3, web1 # the first\n\nweb4\n", nil
	}
	for text, want := range map[string]string{
		"nats://hub.example.com":              "[tls://hub.example.com] []",
		"nats://a:4333,nats://b,tls://c/":     "[tls://a:4333 tls://b tls://c] []",
		"nats://hub/web1,web2,web1":           "[tls://hub] [web1 web2]",
		"nats://a,b/web1,@/etc/my hosts,web5": "[tls://a tls://b] [web1 web3 web4 web5]",
		"nats://hub/@nowhere":                 "there is no nowhere",
		"nats://hub/web1,,web2":               `the name of a host is empty: ""`,
		"nats://hub/root@web1":                `"root@web1": a name has letters, digits and - . _ alone`,
		"nats:///web1":                        `"" is no address of a server: nats://HOST or nats://HOST:PORT`,
	} {
		got, err := parseTarget(text, read)
		shown := fmt.Sprint(got.servers, got.hosts)
		if err != nil {
			shown = err.Error()
		}
		if shown != want {
			t.Errorf("%s: %s, want %s", text, shown, want)
		}
	}
}
