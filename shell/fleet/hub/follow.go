package hub

import "github.com/nats-io/jwt/v2"

// follow follows changes of the hub's files until these are closed.
func (h *Hub) follow() {
	if err := h.changes.each(h.changed); err != nil {
		h.log.Errorf("changes of %s are not followed any more, start the hub again: %v", h.register.files.root.Name(),
			err)
	}
}

// changed takes changes of the hub's files. What is void is told the server once for all of them, because that looks
// at each connection.
func (h *Hub) changed(changes []change) {
	voided := false
	for _, c := range changes {
		var err error
		switch {
		case c.lost:
			voided, err = true, h.register.load()
		case c.kind == revokedDir:
			voided = true
		default:
			err = h.register.update(c.kind, c.name)
		}
		if err != nil {
			h.log.Errorf("%s/%s: %v", c.kind, c.name, err)
		}
	}
	if !voided {
		return
	}
	if err := h.storeAccount(); err != nil {
		h.log.Errorf("%s: %v", revokedDir, err)
	}
}

// storeAccount tells the server which credentials are void now.
func (h *Hub) storeAccount() error {
	revoked, err := h.register.files.names(revokedDir)
	if err != nil {
		return err
	}
	token, err := h.keys.accountClaims(revoked)
	if err != nil {
		return err
	}
	public, err := h.keys.account.PublicKey()
	if err != nil {
		return err
	}
	if err := h.resolver.Store(public, token); err != nil {
		return err
	}
	if h.server == nil {
		return nil
	}
	account, err := h.account()
	if err != nil {
		return err
	}
	claims, err := jwt.DecodeAccountClaims(token)
	if err != nil {
		return err
	}
	h.server.UpdateAccountClaims(account, claims) // which ends the connections of those whose credentials are void
	return nil
}
