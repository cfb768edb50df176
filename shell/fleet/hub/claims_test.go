package hub

import (
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
)

// TestRevokedForEver: void credentials are void whatever the clock was when they were made.
func TestRevokedForEver(t *testing.T) {
	s, err := newSecrets()
	if err != nil {
		t.Fatal(err)
	}
	k, err := s.keys()
	if err != nil {
		t.Fatal(err)
	}
	public, _, _, err := k.credentials(identity{name: "web1", signer: k.hosts})
	if err != nil {
		t.Fatal(err)
	}
	token, err := k.accountClaims([]string{public})
	if err != nil {
		t.Fatal(err)
	}
	claims, err := jwt.DecodeAccountClaims(token)
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range []time.Time{time.Unix(0, 0), time.Now(), time.Now().AddDate(100, 0, 0)} {
		if !claims.Revocations.IsRevoked(public, made) {
			t.Errorf("credentials made at %v are valid", made)
		}
	}
}
