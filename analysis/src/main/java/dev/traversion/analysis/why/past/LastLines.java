/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import dev.traversion.archive.node.NodeRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The last lines of one run of a container: as many as a kubelet would take for its last words. For one thread. */
final class LastLines implements Consumer<NodeRow> {

    private static final int MOST = 5;
    private static final int LONGEST = 500;

    /** Colours, and whatever else is not meant to be read. */
    private static final Pattern UNPRINTABLE = Pattern.compile("\\u001b\\[[0-9;?]*[@-~]|[\\p{Cntrl}&&[^\\t]]");

    /** What a line of a container is known by: an agent that begins anew may read it again. */
    private record Place(long logged, long position, String stream) {}

    private final String container;
    private final long restart;
    private final TreeMap<Place, String> last = new TreeMap<>(Comparator.comparingLong(Place::logged)
            .thenComparingLong(Place::position)
            .thenComparing(Place::stream));

    LastLines(String container, long restart) {
        this.container = container;
        this.restart = restart;
    }

    @Override
    public void accept(NodeRow row) {
        String stream = row.text("stream");
        boolean isLine = stream.equals("stdout") || stream.equals("stderr");
        if (!isLine
                || row.number("restart") != restart
                || !row.text("container").equals(container)) {
            return;
        }
        String line = UNPRINTABLE.matcher(row.text("line")).replaceAll("").strip();
        if (!line.isEmpty()) {
            last.put(new Place(row.number("logged"), row.number("position"), stream), line.substring(0, end(line)));
            if (last.size() > MOST) {
                last.pollFirstEntry();
            }
        }
    }

    private static int end(String line) {
        int end = Math.min(LONGEST, line.length());
        return end < line.length() && Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end;
    }

    /** Oldest first. */
    List<String> lines() {
        return new ArrayList<>(last.values());
    }
}
