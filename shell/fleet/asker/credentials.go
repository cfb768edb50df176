package asker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"netql/shell/fleet/connect"
)

// credentialsVariable is the variable of the environment that names a file of credentials.
const credentialsVariable = "NETQL_CREDS"

// findCredentials reads the credentials for a server: of the file that NETQL_CREDS names, else of SERVER.creds or
// fleet.creds in ~/.config/netql.
func findCredentials(server string) (*connect.Credentials, error) {
	if path := os.Getenv(credentialsVariable); path != "" {
		return connect.ReadCredentials(path)
	}
	base, err := os.UserConfigDir()
	if err != nil {
		return nil, fmt.Errorf("no credentials: %s names no file, and %w", credentialsVariable, err)
	}
	dir := filepath.Join(base, "netql")
	for _, name := range []string{server, "fleet"} {
		found, err := connect.ReadCredentials(filepath.Join(dir, name+".creds"))
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return found, err
		}
	}
	return nil, fmt.Errorf("no credentials for %s: put those that netql-fleet hub DIR add-user NAME makes into "+
		"%s/fleet.creds, or name their file in %s", server, dir, credentialsVariable)
}
