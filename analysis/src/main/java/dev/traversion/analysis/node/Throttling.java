/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When containers had to wait for their limit of processors, by their samples: what is counted there since they began is told as differences. */
final class Throttling {

    private static final int PERIODS = LandingTable.USAGE.column("periods");
    private static final int THROTTLED_PERIODS = LandingTable.USAGE.column("throttled_periods");
    private static final int THROTTLED_NS = LandingTable.USAGE.column("throttled_ns");

    /** Of the periods between two samples: less is the grain of the scheduler. */
    private static final double SHARE = 0.1;

    private record Group(String node, long cgroup) {}

    private Throttling() {}

    /** Whether a sample is of a container that ever had to wait. */
    static boolean isThrottled(NodeRow sample) {
        return sample.text("kind").equals("container") && sample.numbers()[THROTTLED_PERIODS] > 0;
    }

    /**
     * Samples before which containers had to wait, with the periods, how many of them it was, and how long, since the sample before.
     *
     * @param samples that are {@link #isThrottled}
     */
    static List<NodeRow> of(List<NodeRow> samples) {
        List<NodeRow> sorted = new ArrayList<>(samples);
        sorted.sort(Comparator.comparingLong(NodeRow::time));
        Map<Group, NodeRow> last = new HashMap<>();
        List<NodeRow> throttled = new ArrayList<>();
        for (NodeRow sample : sorted) {
            NodeRow before = last.put(new Group(sample.node(), sample.number("cgroup")), sample);
            if (before == null) {
                continue;
            }
            long[] numbers = sample.numbers().clone();
            for (int column : new int[] {PERIODS, THROTTLED_PERIODS, THROTTLED_NS}) {
                numbers[column] -= before.numbers()[column];
            }
            if (numbers[THROTTLED_PERIODS] > 0 && numbers[THROTTLED_PERIODS] >= SHARE * numbers[PERIODS]) {
                throttled.add(new NodeRow(sample.table(), sample.node(), sample.bootTime(), numbers, sample.texts()));
            }
        }
        return throttled;
    }
}
