/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.traversion.analysis.diff.ObjectDiff;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Hands the differing objects to a program of the user's choice, as two folders of YAML files. */
final class ExternalDiff implements AutoCloseable {

    private final String command;
    private final Path folder;

    ExternalDiff(String command) throws IOException {
        this.command = command;
        this.folder = Files.createTempDirectory("traversion-diff");
        Files.createDirectory(folder.resolve("BEFORE"));
        Files.createDirectory(folder.resolve("AFTER"));
    }

    void add(ObjectDiff difference) throws IOException {
        ObjectKey key = difference.key();
        String name = (key.type() + "." + key.namespace() + "." + key.name()).replace('/', '_');
        write(folder.resolve("BEFORE").resolve(name), difference.before());
        write(folder.resolve("AFTER").resolve(name), difference.after());
    }

    private static void write(Path file, byte[] body) throws IOException {
        if (body == null) {
            return;
        }
        JsonNode object = new ObjectMapper().readTree(body);
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        Files.write(file, new YAMLMapper().writeValueAsBytes(object));
    }

    /** Its exit status. */
    int run() throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command.strip().split("\\s+")));
        String program = line.getFirst();
        line.add(folder.resolve("BEFORE").toString());
        line.add(folder.resolve("AFTER").toString());
        try {
            return new ProcessBuilder(line).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new TraversionException(
                    "Cannot run " + program + ", which KUBECTL_EXTERNAL_DIFF names: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
