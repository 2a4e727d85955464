/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed YAML and reference are those of the types; {@code -Dcrds.write} writes them. */
class GeneratedFilesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** kubectl and Helm read no files of each other's folders. */
    @ParameterizedTest
    @ValueSource(strings = {"config/crd", "charts/traversion/files/crds"})
    void definitionsAreThoseOfTheTypes(String folder) throws IOException {
        Map<String, String> files = GeneratedCrds.files();
        for (Map.Entry<String, String> file : files.entrySet()) {
            assertSameOrWrite(ROOT.resolve(folder).resolve(file.getKey()), file.getValue());
        }
        try (Stream<Path> committed = Files.list(ROOT.resolve(folder))) {
            Set<String> definitions = new TreeSet<>();
            committed
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.contains("traversion.dev"))
                    .forEach(definitions::add);
            assertThat(definitions).isEqualTo(files.keySet());
        }
    }

    @Test
    void theReferenceIsThatOfTheTypes() throws IOException {
        assertSameOrWrite(ROOT.resolve("docs/custom-resources.md"), Reference.of(GeneratedCrds.definitions()));
    }

    private static void assertSameOrWrite(Path file, String expected) throws IOException {
        if (System.getProperty("crds.write") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
        }
        assertThat(file)
                .as("write it anew with ./traversion maven -pl crds test -Dcrds.write")
                .hasContent(expected);
    }
}
