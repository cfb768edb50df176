package hub

import (
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"netql/shell/fleet/connect"
	"netql/shell/fleet/subject"
)

// Subscriptions that a client may have at once: a host has three, an asker one for each ask.
const (
	hostSubscriptions = 8
	userSubscriptions = 256
)

// forEver is the second until which credentials of a key are void: the year 9999, because a clock that was ahead when
// they were made must not make them valid again.
const forEver = 253370764800

// ownName stands in a subject for the name in a client's credentials, which the server puts there.
const ownName = "{{name()}}"

// operatorToken says whose accounts the server takes.
func (k *keys) operatorToken() (string, error) {
	public, err := k.operator.PublicKey()
	if err != nil {
		return "", err
	}
	claims := jwt.NewOperatorClaims(public)
	claims.Name = "netql"
	return claims.Encode(k.operator)
}

// accountClaims is the account that all clients of the hub belong to, as a token: what hosts and what users may do,
// and whose credentials are void.
func (k *keys) accountClaims(revoked []string) (string, error) {
	public, err := k.account.PublicKey()
	if err != nil {
		return "", err
	}
	claims := jwt.NewAccountClaims(public)
	claims.Name = "netql"
	for _, role := range []struct {
		name          string
		key           nkeys.KeyPair
		rights        subject.Rights
		subscriptions int64
	}{
		{"host", k.hosts, subject.HostRights(ownName), hostSubscriptions},
		{"user", k.users, subject.UserRights(ownName), userSubscriptions},
	} {
		scope := jwt.NewUserScope()
		scope.Role = role.name
		if scope.Key, err = role.key.PublicKey(); err != nil {
			return "", err
		}
		scope.Template.Permissions = permissions(role.rights)
		scope.Template.Subs = role.subscriptions
		scope.Template.AllowedConnectionTypes = jwt.StringList{jwt.ConnectionTypeStandard}
		claims.SigningKeys.AddScopedSigner(scope)
	}
	for _, key := range revoked {
		claims.RevokeAt(key, time.Unix(forEver, 0))
	}
	return claims.Encode(k.operator)
}

func permissions(rights subject.Rights) jwt.Permissions {
	var p jwt.Permissions
	p.Pub.Allow, p.Sub.Allow = rights.Publish, rights.Subscribe // Add would compare each with all others
	return p
}

// identity is the name and the key of a client, and what its server is to make of it.
type identity struct {
	name   string
	role   connect.Role    // "" for the hub itself
	signer nkeys.KeyPair   // of the account; one with a scope says itself what its identities may do
	rights *subject.Rights // nil with a scope
	wires  []string        // kinds of connections; nil with a scope

	subscriptions int64 // at most; 0 with a scope
}

// credentials make a new key for an identity and the token that goes with it.
func (k *keys) credentials(of identity) (public, token string, seed []byte, err error) {
	user, err := nkeys.CreateUser()
	if err != nil {
		return "", "", nil, err
	}
	if public, err = user.PublicKey(); err != nil {
		return "", "", nil, err
	}
	if seed, err = user.Seed(); err != nil {
		return "", "", nil, err
	}
	claims := jwt.NewUserClaims(public)
	claims.Name = subject.Token(of.name)
	if of.role != "" { // for who reads the credentials; the server goes by the key that has signed them
		claims.Tags.Add(of.role.Tag())
	}
	if claims.IssuerAccount, err = k.account.PublicKey(); err != nil {
		return "", "", nil, err
	}
	if of.rights == nil {
		claims.SetScoped(true)
	} else {
		claims.Permissions = permissions(*of.rights)
		claims.Subs = of.subscriptions
		claims.AllowedConnectionTypes = of.wires
	}
	token, err = claims.Encode(of.signer)
	return public, token, seed, err
}
