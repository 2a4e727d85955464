/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.members.Member;
import dev.traversion.archive.members.MemberFiles;
import dev.traversion.archive.seal.WriterClaim;
import dev.traversion.archive.seal.WriterClaim.Holder;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Who writes a recording, as its store tells.
 *
 * @param committer the newest claim to commit; empty if nobody ever did
 * @param members those that share the recording, as far as nobody noticed that they are gone
 */
public record Recorders(Optional<Holder> committer, List<Member> members) {

    public static Recorders of(Store store, String clusterId) throws IOException {
        Layout layout = new Layout(clusterId);
        return new Recorders(WriterClaim.newest(store, layout), new MemberFiles(store, layout).present());
    }
}
