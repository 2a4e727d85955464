/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Puts parts in the place of others, for whatever reason, so that it can be broken off anywhere: first a file says what is going to be
 * removed and why, then the new parts are stored, then one commit does it all, and is sealed with that file; then what was removed is
 * deleted, by this run or the next.
 *
 * <p>A run that broke off before its commit leaves files that no commit names. Whoever commits names only files that it created itself
 * after it saw the commit before; so a file that was there before a commit, and is not named by it, can never be named any more, and
 * is deleted after the commit. For one thread.
 */
public final class Replacement {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Metadata is kept so long, and for so many commits, for readers that are under way. */
    private static final Duration KEPT = Duration.ofHours(1);

    private static final int KEPT_COMMITS = 10;

    private final Store store;
    private final Layout layout;
    private final CommitLog commits;
    private final Clock clock;

    public Replacement(Store store, Layout layout, CommitLog commits, Clock clock) {
        this.store = store;
        this.layout = layout;
        this.commits = commits;
        this.clock = clock;
    }

    /**
     * Commits a replacement. {@link #finish} is to follow.
     *
     * @param base what the new parts were made of
     * @param replaced paths of parts, to be taken out and deleted
     * @param reasons a sentence each
     * @param documents paths of files about it, to be sealed with it
     * @return whether it is so now; if not, somebody else committed since {@code base}
     */
    public boolean commit(
            Committed base, Set<String> replaced, List<NewPart> parts, List<String> reasons, List<String> documents)
            throws IOException {
        Set<String> leftovers = paths(layout.versions() + "/data/");
        leftovers.addAll(paths(layout.root() + Removal.FOLDER));
        for (String document : documents) {
            leftovers.addAll(paths(document.substring(0, document.lastIndexOf('/') + 1)));
        }
        Set<String> files = new TreeSet<>(replaced);
        files.addAll(replacedCoverage());
        int old = commits.oldCommit(KEPT_COMMITS, clock.instant().minus(KEPT));
        String path = layout.root() + Removal.FOLDER + UUID.randomUUID() + ".json";
        Removal removal = new Removal("1.0", clock.instant().toString(), reasons, List.copyOf(files), old);
        store.create(path, StampedJson.stamp(JSON.writeValueAsString(removal)));
        List<String> sealed = new ArrayList<>(List.of(path));
        sealed.addAll(documents);
        if (!commits.replace(base, replaced, parts, sealed, clock)) {
            return false;
        }
        commits.load().parts().forEach(part -> leftovers.remove(part.path()));
        leftovers.removeAll(commits.documents(""));
        for (String leftover : leftovers) {
            store.delete(leftover);
        }
        return true;
    }

    /** Files of coverage that was rewritten, and which no removal names yet. */
    public Set<String> replacedCoverage() throws IOException {
        Set<String> stale = paths(layout.coverage() + "/data/");
        stale.retainAll(commits.sealedButReplaced());
        stale.removeAll(removed());
        return stale;
    }

    /** Deletes what committed removals name, also those of a run that broke off; and metadata that is old. */
    public void finish() throws IOException {
        commits.seal(clock);
        Set<String> removed = new TreeSet<>();
        int old = 0;
        for (Removal removal : removals()) {
            removed.addAll(removal.files());
            old = Math.max(old, removal.upTo());
        }
        Set<String> there = paths(layout.versions() + "/data/");
        there.addAll(paths(layout.coverage() + "/data/"));
        removed.retainAll(there);
        if (old > 0) {
            removed.addAll(commits.onlyNeededUpTo(old));
        }
        for (String path : removed) {
            store.delete(path);
        }
    }

    /** What committed removals name. */
    public Set<String> removed() throws IOException {
        Set<String> removed = new TreeSet<>();
        removals().forEach(removal -> removed.addAll(removal.files()));
        return removed;
    }

    private List<Removal> removals() throws IOException {
        List<Removal> removals = new ArrayList<>();
        for (String path : commits.removals()) {
            try (InputStream in = store.read(path)) {
                removals.add(StoredJson.read(StampedJson.check(in.readAllBytes(), path), Removal.class));
            } catch (NoSuchFileException e) {
                // Old: a later one speaks for it.
                System.getLogger(Replacement.class.getName()).log(System.Logger.Level.DEBUG, "an old removal", e);
            }
        }
        return removals;
    }

    private Set<String> paths(String folder) throws IOException {
        Set<String> paths = new HashSet<>();
        for (StoredFile file : store.list(folder)) {
            paths.add(file.path());
        }
        return paths;
    }
}
