/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.part.VersionSource;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The denials of a recording, a file each: of lifetimes of namespaces, and of values. Whoever writes parts leaves out what they name.
 * One that was made while its namespace was still there is ended by the first Namespace object of the same name and another uid; that
 * is noted in a second file.
 */
public final class Denials {

    private static final String FOLDER = "erasures/";
    private static final String DENIED = FOLDER + "denied/";
    private static final String ENDED = FOLDER + "ended/";
    private static final String SUBJECTS = FOLDER + "subjects/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final String root;
    private final Map<String, Denial> byId = new TreeMap<>();
    private final Map<String, Subject> subjects = new TreeMap<>();

    private Denials(Store store, Layout layout) {
        this.store = store;
        this.root = layout.root();
    }

    /** @throws TraversionException if one cannot be read: what must not be written is not known then */
    public static Denials load(Store store, Layout layout) throws IOException {
        Denials denials = new Denials(store, layout);
        // One list, as recorders ask every few seconds.
        for (StoredFile file : store.list(denials.root + FOLDER)) {
            String path = file.path().substring(denials.root.length());
            if (path.startsWith(SUBJECTS)) {
                Subject subject = denials.read(file.path(), Subject.class);
                denials.subjects.put(subject.id(), subject);
            } else if (path.startsWith(DENIED)) {
                Denial denial = denials.read(file.path(), Denial.class);
                denials.byId.putIfAbsent(denial.id(), denial);
            } else if (path.startsWith(ENDED)) {
                Denial denial = denials.read(file.path(), Denial.class);
                denials.byId.put(denial.id(), denial);
            }
        }
        return denials;
    }

    private <T> T read(String path, Class<T> type) throws IOException {
        try (InputStream in = store.read(path)) {
            return StoredJson.read(StampedJson.check(in.readAllBytes(), path), type);
        } catch (JacksonException e) {
            throw new TraversionException(
                    store.location() + "/" + path
                            + " is damaged: it does not say what was erased. Restore it from a copy of the recording.",
                    e);
        }
    }

    public List<Denial> all() {
        return List.copyOf(byId.values());
    }

    public List<Subject> subjects() {
        return List.copyOf(subjects.values());
    }

    /** How many there are. */
    public int size() {
        return byId.size() + subjects.size();
    }

    /** Adds one, from now on. */
    public void add(Denial denial) throws IOException {
        store.create(root + DENIED + denial.id() + ".json", StampedJson.stamp(JSON.writeValueAsString(denial)));
        byId.put(denial.id(), denial);
    }

    /** Adds one, from now on. */
    public void add(Subject subject) throws IOException {
        store.create(root + SUBJECTS + subject.id() + ".json", StampedJson.stamp(JSON.writeValueAsString(subject)));
        subjects.put(subject.id(), subject);
    }

    /** Whether a pod was in a lifetime that is denied. */
    public boolean isOfDeniedPod(String uid) {
        return byId.values().stream().anyMatch(denial -> denial.hasPod(uid));
    }

    /** The values that must not be written. */
    public SubjectSearch search() {
        return subjects.isEmpty() ? SubjectSearch.NOTHING : new SubjectSearch(subjects());
    }

    /**
     * Tells which versions may be written.
     *
     * @param known where Namespace objects are looked for that end an open denial; the newest last
     */
    public Omissions omissions(List<VersionSource> known) {
        return omissions(all(), subjects(), known);
    }

    /** As {@link #omissions(List)}, by some of the denials only. */
    public Omissions omissions(List<Denial> some, List<Subject> values, List<VersionSource> known) {
        return new Omissions(allowed(some, known), new SubjectSearch(values));
    }

    private Predicate<ObjectVersion> allowed(List<Denial> some, List<VersionSource> known) {
        if (some.isEmpty()) {
            return _ -> true;
        }
        Map<String, List<Lifetime>> lifetimes = new HashMap<>();
        return version -> {
            ObjectKey key = version.key();
            boolean isNamespace = key.equals(Lifetime.key(key.name()));
            if (key.namespace().isEmpty() && !isNamespace) {
                return true;
            }
            String name = isNamespace ? key.name() : key.namespace();
            return lifetimes.computeIfAbsent(name, _ -> lifetimes(some, name, known)).stream()
                    .noneMatch(lifetime -> lifetime.contains(version));
        };
    }

    private List<Lifetime> lifetimes(List<Denial> some, String name, List<VersionSource> known) {
        List<Lifetime> lifetimes = new ArrayList<>();
        for (Denial denial : some) {
            if (denial.isOf(name)) {
                lifetimes.add((denial.isOpen() ? ended(denial, name, known) : denial).lifetime(name));
            }
        }
        return lifetimes;
    }

    private Denial ended(Denial denial, String name, List<VersionSource> known) {
        List<Denial> ended = new ArrayList<>();
        ObjectVersion.Visitor visitor = version -> {
            String created = CreationTime.of(version.body());
            boolean isNext = !version.uid().equals(denial.uid()) && created.compareTo(denial.created()) > 0;
            if (isNext) {
                ended.add(denial.endedBy(created, version.observedAt()));
            }
            return !isNext;
        };
        try {
            for (VersionSource source : known) {
                if (ended.isEmpty()) {
                    source.versions(Lifetime.key(name), Long.MIN_VALUE, Long.MAX_VALUE, visitor);
                }
                if (ended.isEmpty()) {
                    ObjectVersion last =
                            source.last(Lifetime.key(name), Long.MAX_VALUE).orElse(null);
                    if (last != null) {
                        visitor.visit(last);
                    }
                }
            }
            if (ended.isEmpty()) {
                return denial;
            }
            note(ended.getFirst());
            return ended.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void note(Denial ended) throws IOException {
        byId.put(ended.id(), ended);
        try {
            store.create(root + ENDED + ended.id() + ".json", StampedJson.stamp(JSON.writeValueAsString(ended)));
        } catch (FileAlreadyExistsException e) {
            System.getLogger(Denials.class.getName()).log(System.Logger.Level.DEBUG, "noted meanwhile", e);
        }
    }
}
