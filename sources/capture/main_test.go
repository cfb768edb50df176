package capture

import (
	"os"
	"testing"

	"netql/sources/lab"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }
