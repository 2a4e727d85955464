/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.record;

import dev.traversion.archive.ResourceType;
import dev.traversion.kubectl.terminal.Terminal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shows progress: on a terminal a block that is written over, elsewhere a line every ten seconds. In both, lines that stay for what is
 * worth knowing later: first lists complete, gaps opened and closed, parts sealed. Not safe for concurrent use.
 */
public final class ProgressView {

    private static final Duration LINE_EVERY = Duration.ofSeconds(10);
    private static final Duration RATE_OVER = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final String title;
    private final Deque<Progress> recent = new ArrayDeque<>();
    private Map<ResourceType, String> gaps = Map.of();
    private boolean complete;
    private boolean storeFails;
    private long sealedParts;
    private Duration lastLine = Duration.ZERO;
    private int blockLines;

    public ProgressView(Terminal terminal, String title) {
        this.terminal = terminal;
        this.title = title;
    }

    /** Shows the newest state. */
    public void show(Progress now) {
        while (recent.size() > 1
                && now.elapsed().minus(recent.getFirst().elapsed()).compareTo(RATE_OVER) > 0) {
            recent.removeFirst();
        }
        recent.addLast(now);
        events(now);
        double rate = now.rateSince(recent.getFirst());
        if (terminal.interactive()) {
            erase();
            List<String> block = now.block(rate, title);
            for (String line : block) {
                terminal.err()
                        .println(
                                line.length() > terminal.columns() - 1
                                        ? line.substring(0, terminal.columns() - 2) + "…"
                                        : line);
            }
            blockLines = block.size();
            terminal.err().flush();
        } else if (now.elapsed().minus(lastLine).compareTo(LINE_EVERY) >= 0) {
            lastLine = now.elapsed();
            terminal.note(now.line(rate));
        }
    }

    private void events(Progress now) {
        String time = Progress.clock(now.elapsed()) + "  ";
        Map<ResourceType, String> still = new TreeMap<>(gaps);
        now.gaps().forEach((type, reason) -> {
            if (still.remove(type) == null) {
                event(time + "gap: " + type + " is not observed: " + reason);
            }
        });
        still.keySet().forEach(type -> event(time + "gap closed: " + type + " is observed again"));
        gaps = now.gaps();
        if (!complete && now.complete()) {
            complete = true;
            event(time + "first lists complete: " + Progress.count(now.objects(), "object") + " of "
                    + Progress.count(now.observing(), "resource"));
        }
        boolean fails = !now.written().storeProblem().isEmpty();
        if (fails != storeFails) {
            storeFails = fails;
            event(time
                    + (fails
                            ? "not uploaded, and kept in the log until it can be: "
                                    + now.written().storeProblem()
                            : "the store takes uploads again"));
        }
        if (now.written().sealedParts() > sealedParts) {
            sealedParts = now.written().sealedParts();
            event(time + "sealed: " + Progress.count(sealedParts, "part") + ", "
                    + Progress.bytes(now.written().sealedBytes()));
        }
    }

    /** A line that stays. */
    public void event(String line) {
        erase();
        terminal.note(line);
    }

    private void erase() {
        if (blockLines > 0) {
            terminal.err().print("\u001b[" + blockLines + "A\u001b[J");
            blockLines = 0;
        }
    }

    /** Lets what is shown stay. */
    public void end() {
        blockLines = 0;
    }
}
