/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.denial.Omissions;
import dev.traversion.archive.part.VersionCursor;
import java.io.IOException;

/** Those of a cursor's versions that may be kept: what is erased must not even limit how long the version before it was valid. */
final class AllowedVersions implements VersionCursor {

    private final VersionCursor all;
    private final Omissions omissions;
    private ObjectVersion current;

    AllowedVersions(VersionCursor all, Omissions omissions) {
        this.all = all;
        this.omissions = omissions;
    }

    @Override
    public boolean next() throws IOException {
        while (all.next()) {
            current = omissions.of(all.current());
            if (current != null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public ObjectVersion current() {
        return current;
    }

    @Override
    public void close() {
        all.close();
    }
}
