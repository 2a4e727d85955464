/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the logs under {@code /var/log/pods}: {@code <namespace>_<pod>_<uid>/<container>/<restart>.log}, beside it what it was called before
 * a rotation, {@code <restart>.log.<time>}, and compressed ones, which were read before they were.
 */
final class LogFolders {

    private static final Pattern FILE = Pattern.compile("(\\d{1,9})\\.log(\\..+)?");

    private final Path root;

    LogFolders(Path root) {
        this.root = root;
    }

    /**
     * Those that are there now.
     *
     * @param isWanted told a namespace
     */
    List<ContainerLog> find(Predicate<String> isWanted) throws IOException {
        List<ContainerLog> logs = new ArrayList<>();
        for (Path pod : children(root)) {
            String[] parts = pod.getFileName().toString().split("_", 3);
            if (parts.length == 3 && isWanted.test(parts[0])) {
                for (Path container : children(pod)) {
                    find(parts, container, logs);
                }
            }
        }
        return logs;
    }

    private static void find(String[] pod, Path folder, List<ContainerLog> logs) throws IOException {
        Map<Long, List<LogFile>> restarts = new TreeMap<>();
        Set<Long> longer = new HashSet<>();
        for (Path file : children(folder)) {
            Matcher name = FILE.matcher(file.getFileName().toString());
            if (!name.matches() || file.toString().endsWith(".tmp")) {
                continue;
            }
            if (file.toString().endsWith(".gz")) {
                longer.add(Long.parseLong(name.group(1)));
                continue;
            }
            try {
                restarts.computeIfAbsent(Long.parseLong(name.group(1)), any -> new ArrayList<>())
                        .add(LogFile.of(file));
            } catch (NoSuchFileException e) {
                // Rotated or removed since it was listed: it is looked for again.
            }
        }
        String container = folder.getFileName().toString();
        restarts.forEach((restart, files) -> {
            if (!files.isEmpty()) {
                // The one without a time at its end is written to; the times sort by name.
                files.sort(Comparator.comparing(
                                (LogFile file) -> file.path().toString().endsWith(".log"))
                        .thenComparing(file -> file.path().toString()));
                logs.add(new ContainerLog(
                        new ContainerLog.Key(pod[2], container, restart),
                        pod[0],
                        pod[1],
                        List.copyOf(files),
                        longer.contains(restart)));
            }
        });
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
