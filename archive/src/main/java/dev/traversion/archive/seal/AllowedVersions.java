/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.part.VersionCursor;
import java.io.IOException;
import java.util.function.Predicate;

/** Those of a cursor's versions that may be kept: what is erased must not even limit how long the version before it was valid. */
final class AllowedVersions implements VersionCursor {

    private final VersionCursor all;
    private final Predicate<ObjectVersion> allowed;

    AllowedVersions(VersionCursor all, Predicate<ObjectVersion> allowed) {
        this.all = all;
        this.allowed = allowed;
    }

    @Override
    public boolean next() throws IOException {
        while (all.next()) {
            if (allowed.test(all.current())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public ObjectVersion current() {
        return all.current();
    }

    @Override
    public void close() {
        all.close();
    }
}
