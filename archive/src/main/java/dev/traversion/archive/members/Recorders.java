/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import dev.traversion.archive.Layout;
import dev.traversion.archive.members.MemberFiles.Found;
import dev.traversion.archive.seal.WriterClaim;
import dev.traversion.archive.seal.WriterClaim.Holder;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        MemberFiles files = new MemberFiles(store, layout);
        List<Member> members = new ArrayList<>();
        for (Map.Entry<MemberId, Found> each : files.list().entrySet()) {
            if (!each.getValue().keptOut() && each.getValue().newest() >= 0) {
                files.read(each.getKey(), each.getValue().newest())
                        .filter(beat -> !beat.left())
                        .ifPresent(beat -> members.add(new Member(each.getKey(), beat)));
            }
        }
        return new Recorders(WriterClaim.newest(store, layout), List.copyOf(members));
    }
}
