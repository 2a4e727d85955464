/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.logs;

import dev.traversion.archive.node.NodeRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/** The last lines of some pods together. For one thread. */
public final class LastLines implements Consumer<NodeRow> {

    /** One of them. */
    public record Line(String podUid, String container, LogLine line) {

        private Known known() {
            return new Known(podUid, container, line.written());
        }
    }

    private record Known(String podUid, String container, LogLine.Written written) {}

    private static final Comparator<Line> ORDER = Comparator.comparingLong(
                    (Line each) -> each.line().logged())
            .thenComparingLong(each -> each.line().order());

    private final Set<String> podUids;
    private final int most;
    private final PriorityQueue<Line> last = new PriorityQueue<>(ORDER);
    private final Map<Known, LogLine> known = new HashMap<>();
    private long omitted;

    /** @param most at least 1 */
    public LastLines(Collection<String> podUids, int most) {
        this.podUids = Set.copyOf(podUids);
        this.most = most;
    }

    @Override
    public void accept(NodeRow row) {
        if (podUids.contains(row.text("pod_uid")) && !row.text("stream").equals(RecordedLog.BEGIN)) {
            add(new Line(row.text("pod_uid"), row.text("container"), LogLine.of(row)));
        }
    }

    private void add(Line line) {
        LogLine before = known.putIfAbsent(line.known(), line.line());
        if (before != null && line.line().isReadAgain(before)) {
            return;
        }
        last.add(line);
        if (last.size() > most) {
            known.remove(last.remove().known());
            omitted++;
        }
    }

    /** By time. */
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>(last);
        lines.sort(ORDER);
        return lines;
    }

    /** How many earlier ones there are; what two agents read counts twice. */
    public long omitted() {
        return omitted;
    }
}
