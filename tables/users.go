package tables

import "netql/sources/procfs"

// userName is the name of a user in /etc/passwd; "" for a user without one.
func (s *scanState) userName(uid uint32) string { return s.users.get(s.readUsers)[uid] }

func (s *scanState) readUsers() map[uint32]string {
	users, err := procfs.ReadUsers(s.system.Files)
	if err != nil {
		s.warn("the names of users are unknown: " + err.Error())
	}
	return users
}
