/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The members' files in the store: {@code members/<writer>/<epoch>/<n>.json}, its beats, each created only once, and {@code kept-out}
 * beside them once others do not reckon with it any more.
 */
public final class MemberFiles {

    private static final Pattern PATH =
            Pattern.compile(".*/members/([^/]+)/(\\d{1,18})/(?:(\\d{1,18})\\.json|kept-out)");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NOTHING = {'\n'};

    private final Store store;
    private final Layout layout;

    public MemberFiles(Store store, Layout layout) {
        this.store = store;
        this.layout = layout;
    }

    /**
     * What there is of a member.
     *
     * @param beats the numbers of those that were not deleted
     */
    public record Found(NavigableSet<Long> beats, boolean keptOut) {

        /** The number of the newest beat; -1 if there is none. */
        public long newest() {
            return beats.isEmpty() ? -1 : beats.last();
        }
    }

    /** All members that left files, those that are gone included. */
    public Map<MemberId, Found> list() throws IOException {
        Map<MemberId, Found> found = new TreeMap<>();
        for (StoredFile file : store.list(layout.members())) {
            Matcher path = PATH.matcher(file.path());
            if (path.matches()) {
                MemberId id = new MemberId(path.group(1), Long.parseLong(path.group(2)));
                Found before = found.getOrDefault(id, new Found(new TreeSet<>(), false));
                if (path.group(3) == null) {
                    found.put(id, new Found(before.beats(), true));
                } else {
                    before.beats().add(Long.parseLong(path.group(3)));
                    found.put(id, before);
                }
            }
        }
        return found;
    }

    void beat(MemberId member, long number, Beat beat) throws IOException {
        store.create(path(member, number), JSON.writeValueAsBytes(beat));
    }

    /** Empty if it was deleted meanwhile. */
    public Optional<Beat> read(MemberId member, long number) throws IOException {
        String path = path(member, number);
        try (InputStream in = store.read(path)) {
            return Optional.of(JSON.readValue(in.readAllBytes(), Beat.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JacksonException e) {
            throw new TraversionException(
                    store.location() + "/" + path + " is damaged: it is no beat of a recorder. Delete it.", e);
        }
    }

    void keepOut(MemberId member) throws IOException {
        try {
            store.create(folder(member) + "kept-out", NOTHING);
        } catch (FileAlreadyExistsException e) {
            System.getLogger(MemberFiles.class.getName())
                    .log(System.Logger.Level.DEBUG, "kept out by another, too: " + member);
        }
    }

    void delete(MemberId member, long number) throws IOException {
        store.delete(path(member, number));
    }

    /** Deletes all that is left of a member. */
    void forget(MemberId member, Found found) throws IOException {
        for (long number : found.beats()) {
            delete(member, number);
        }
        store.delete(folder(member) + "kept-out");
    }

    private String folder(MemberId member) {
        return layout.members() + member.writer() + "/" + String.format("%08d", member.epoch()) + "/";
    }

    private String path(MemberId member, long number) {
        return folder(member) + String.format("%08d", number) + ".json";
    }

    /** Those that share the recording, as far as nobody noticed that they are gone. */
    public List<Member> present() throws IOException {
        List<Member> members = new ArrayList<>();
        for (Map.Entry<MemberId, Found> each : list().entrySet()) {
            if (!each.getValue().keptOut() && each.getValue().newest() >= 0) {
                read(each.getKey(), each.getValue().newest())
                        .filter(beat -> !beat.left())
                        .ifPresent(beat -> members.add(new Member(each.getKey(), beat)));
            }
        }
        return List.copyOf(members);
    }
}
