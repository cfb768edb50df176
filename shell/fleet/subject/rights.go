package subject

// Rights are the subjects that a client may publish and subscribe to, and no others.
type Rights struct{ Publish, Subscribe []string }

// HostRights are those of a host: it answers in its own name, and receives asks to it.
func HostRights(token string) Rights {
	return Rights{
		Publish:   []string{from + token + ".>"},
		Subscribe: []string{ask + "*" + all, ask + "*" + host + token, credit + token + ".>"},
	}
}

// UserRights are those of a user: he asks in his own name, and receives the answers to him.
func UserRights(token string) Rights {
	return Rights{
		Publish:   []string{ask + token + ".>", credit + "*." + token + ".*"},
		Subscribe: []string{from + "*." + token + ".>"},
	}
}

// SomeHostsRights are those of a user who may ask some hosts alone.
func SomeHostsRights(user string, names []string) Rights {
	rights := Rights{Publish: []string{AskHosts(user)}, Subscribe: UserRights(Token(user)).Subscribe}
	for _, name := range names {
		rights.Publish = append(rights.Publish, AskHost(user, name), Credit(name, user, "*"))
	}
	return rights
}

// LeafRights are those of a server that is a leaf node: it speaks for its hosts and users, and checks them itself.
func LeafRights() Rights { return Rights{Publish: []string{All}, Subscribe: []string{All}} }

// HubRights are those of the hub: it tells users which hosts there are.
func HubRights() Rights {
	return Rights{Publish: []string{from + Hub + ".>"}, Subscribe: []string{ask + "*" + hosts}}
}
