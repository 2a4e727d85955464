// a test's
