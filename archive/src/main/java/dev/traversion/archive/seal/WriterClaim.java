/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.members.MemberId;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may commit to a recording: whoever claimed it last. Claims are numbered, and each number is created only once; a recorder that
 * was stalled, or does not know of the other, finds the newer claim before it uploads or commits. If it was stalled after it looked,
 * the number of its commit is taken.
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
     * A claim as it is stored.
     *
     * @param epoch its number
     * @param writer whose log is in the recording
     * @param log the epoch of that log
     * @param shared whether others record beside it
     * @param time when it was made, by its own clock, RFC 3339
     */
    public record Holder(long epoch, String writer, long log, boolean shared, String time) {

        public MemberId member() {
            return new MemberId(writer, log);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Content(String writer, long log, boolean shared, String time) {}

    /**
     * Claims a recording, whoever has it. The log has the claim's number as its epoch.
     *
     * @param least the epoch is at least this
     */
    public static WriterClaim take(Store store, Layout layout, String writer, long least, Clock clock)
            throws IOException {
        long epoch = Math.max(least, newestEpoch(store, layout) + 1);
        while (!create(
                store,
                layout,
                epoch,
                new Content(writer, epoch, false, clock.instant().toString()))) {
            epoch++;
        }
        return claimed(store, layout, epoch);
    }

    /**
     * Claims a recording from one that is not there any more, for one of several recorders.
     *
     * @param previous the epoch of its claim; 0 if there is none
     * @return empty if somebody else was quicker
     */
    public static Optional<WriterClaim> takeAfter(
            Store store, Layout layout, long previous, MemberId member, Clock clock) throws IOException {
        Content content = new Content(
                member.writer(), member.epoch(), true, clock.instant().toString());
        return create(store, layout, previous + 1, content)
                ? Optional.of(claimed(store, layout, previous + 1))
                : Optional.empty();
    }

    private static boolean create(Store store, Layout layout, long epoch, Content content) throws IOException {
        try {
            store.create(path(layout, epoch), JSON.writeValueAsBytes(content));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static WriterClaim claimed(Store store, Layout layout, long epoch) throws IOException {
        for (StoredFile file : store.list(layout.writers())) {
            if (number(file.path()) < epoch) {
                store.delete(file.path());
            }
        }
        return new WriterClaim(store, layout, epoch);
    }

    /** The newest claim; empty if there is none. */
    public static Optional<Holder> newest(Store store, Layout layout) throws IOException {
        long epoch = newestEpoch(store, layout);
        if (epoch == 0) {
            return Optional.empty();
        }
        String path = path(layout, epoch);
        try (InputStream in = store.read(path)) {
            Content content = JSON.readValue(in.readAllBytes(), Content.class);
            return Optional.of(new Holder(epoch, content.writer(), content.log(), content.shared(), content.time()));
        } catch (NoSuchFileException e) {
            // There is a newer one by now.
            return newest(store, layout);
        } catch (JacksonException e) {
            throw new TraversionException(
                    store.location() + "/" + path + " is damaged: it is no claim of a recorder. Delete it.", e);
        }
    }

    /** The number of the claim, greater than all before. */
    public long epoch() {
        return epoch;
    }

    /** Whether nobody claimed the recording since. */
    public boolean isHeld() throws IOException {
        return newestEpoch(store, layout) <= epoch;
    }

    private static long newestEpoch(Store store, Layout layout) throws IOException {
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
