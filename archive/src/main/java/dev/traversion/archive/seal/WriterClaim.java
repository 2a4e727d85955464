/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may write a recording: whoever claimed it last. Claims are numbered, and each number is created only once; a recorder that was
 * stalled, or does not know of the other, finds the newer claim before it uploads or commits, and stops.
 */
public final class WriterClaim {

    private static final Pattern PATH = Pattern.compile(".*/writers/(\\d{1,18})\\.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final Layout layout;
    private final long epoch;

    private WriterClaim(Store store, Layout layout, long epoch) {
        this.store = store;
        this.layout = layout;
        this.epoch = epoch;
    }

    /**
     * Claims a recording.
     *
     * @param least the epoch is at least this
     */
    public static WriterClaim take(Store store, Layout layout, String writer, long least, Clock clock)
            throws IOException {
        byte[] claim = JSON.writeValueAsBytes(
                Map.of("writer", writer, "time", clock.instant().toString()));
        long epoch = Math.max(least, newest(store, layout) + 1);
        while (true) {
            try {
                store.create(path(layout, epoch), claim);
                break;
            } catch (FileAlreadyExistsException e) {
                epoch++;
            }
        }
        for (StoredFile file : store.list(layout.writers())) {
            if (number(file.path()) < epoch) {
                store.delete(file.path());
            }
        }
        return new WriterClaim(store, layout, epoch);
    }

    /** The number of the claim, greater than all before. */
    public long epoch() {
        return epoch;
    }

    /** Whether nobody claimed the recording since. */
    public boolean isHeld() throws IOException {
        return newest(store, layout) <= epoch;
    }

    private static long newest(Store store, Layout layout) throws IOException {
        long newest = 0;
        for (StoredFile file : store.list(layout.writers())) {
            newest = Math.max(newest, number(file.path()));
        }
        return newest;
    }

    private static long number(String path) {
        Matcher matcher = PATH.matcher(path);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static String path(Layout layout, long epoch) {
        return layout.writers() + String.format("%08d", epoch) + ".json";
    }
}
