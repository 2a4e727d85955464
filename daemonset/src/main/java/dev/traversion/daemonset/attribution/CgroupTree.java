/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.attribution;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The control groups of the node by their ids, which are the numbers of their directories' inodes: walked once, then followed by what
 * the probes tell. One that is removed is known for another minute, since what happened in it may come later. For one thread.
 */
public final class CgroupTree {

    /** Gets the groups that are there. */
    public interface Visitor {
        void group(long id, String path);
    }

    private static final long KEPT_NANOS = 60_000_000_000L;

    /** So that a node where groups come and go faster than they are forgotten does not fill the memory. */
    private static final int MOST_REMOVED = 10_000;

    /**
     * A group that is a pod's or a container's own, not one inside it.
     *
     * @param path from the root of the hierarchy
     */
    public record Group(long id, String path, Container container, boolean isContainer) {}

    private record Removed(long id, long time) {}

    private final Path root;
    private final boolean memoryHierarchy;
    private final Map<Long, Container> containers = new HashMap<>();
    private final Map<Long, Group> groups = new HashMap<>();
    private final Deque<Removed> removed = new ArrayDeque<>();

    /**
     * Of the hierarchy that the node attributes by: that of memory under cgroup v1, also beside v2 (hybrid), else v2.
     *
     * @param mount {@code /sys/fs/cgroup}, wherever it is
     * @throws TraversionException if there is neither
     */
    public CgroupTree(Path mount) {
        memoryHierarchy = Files.exists(mount.resolve("memory/cgroup.procs"));
        if (!memoryHierarchy && !Files.exists(mount.resolve("cgroup.procs"))) {
            throw new TraversionException(
                    mount + " has no control groups that the agent knows: neither a memory hierarchy of"
                            + " version 1 nor one of version 2.");
        }
        root = memoryHierarchy ? mount.resolve("memory") : mount;
    }

    private CgroupTree() {
        memoryHierarchy = false;
        root = null;
    }

    /** Of a node whose groups are of a kind that is not known: what happens belongs to the node itself. */
    public static CgroupTree unknown() {
        return new CgroupTree();
    }

    /** Whether it is that of cgroup v1. */
    public boolean memoryHierarchy() {
        return memoryHierarchy;
    }

    /** Learns of all groups that are there; some may come and go meanwhile. */
    public void walk(Visitor visitor) {
        if (root == null) {
            return;
        }
        try {
            walk(root, visitor);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the control groups under " + root + ": " + e.getMessage(), e);
        }
    }

    private void walk(Path folder, Visitor visitor) throws IOException {
        try {
            long id = ((Number) Files.getAttribute(folder, "unix:ino")).longValue();
            String path = "/" + root.relativize(folder);
            made(id, path);
            visitor.group(id, path);
            try (Stream<Path> inside = Files.list(folder)) {
                for (Path each : (Iterable<Path>) inside.filter(Files::isDirectory)::iterator) {
                    walk(each, visitor);
                }
            }
        } catch (NoSuchFileException e) {
            // It was removed meanwhile, of which the probes tell.
        }
    }

    /** @param path from the root of the hierarchy */
    public void made(long id, String path) {
        Container container = CgroupPath.container(path);
        if (container != Container.NONE) {
            containers.put(id, container);
            Container parent = CgroupPath.container(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
            boolean isContainer = container.containerId().length > 0;
            if (isContainer ? parent.containerId().length == 0 : parent.podUid().length == 0) {
                groups.put(id, new Group(id, path, container, isContainer));
            }
        }
    }

    /** Those of pods and containers that are there now. */
    public Collection<Group> groups() {
        return Collections.unmodifiableCollection(groups.values());
    }

    /** @param time of the boot clock */
    public void removed(long id, long time) {
        groups.remove(id);
        if (containers.containsKey(id)) {
            removed.add(new Removed(id, time));
        }
        while (!removed.isEmpty() && (time - removed.peek().time() > KEPT_NANOS || removed.size() > MOST_REMOVED)) {
            containers.remove(removed.poll().id());
        }
    }

    /** That of a group, or none if the group is the node's own. */
    public Container container(long id) {
        return containers.getOrDefault(id, Container.NONE);
    }
}
