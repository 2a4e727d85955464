/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.traversion.e2e.cluster.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release of the plugin consists of: its archive, the manifest with which Krew installs it, and what it is made of. */
@Tag("plugin")
class ReleaseIT {

    private static final Path ROOT = Path.of(System.getProperty("traversion.root"));
    private static final String URL = "https://downloads.example.com/v1";

    /** Licences under which one may pass on what links to a library, without giving one's own sources. */
    private static final Set<String> FREE = Set.of(
            "Apache-2.0",
            "Apache 2 License",
            "MIT",
            "0BSD",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "Go License", // BSD-3-Clause, as RE2/J names it
            "EPL-2.0",
            "Bouncy Castle Licence",
            "(CDDL-1.0 OR GPL-2.0-with-classpath-exception)");

    @TempDir
    private static Path directory;

    @BeforeAll
    static void release() throws Exception {
        run("./traversion", "release", URL, directory.toString());
    }

    @Test
    void krewInstallsWhatTheManifestNames() throws Exception {
        JsonNode manifest = new ObjectMapper(new YAMLFactory())
                .readTree(directory.resolve("traversion.yaml").toFile());
        assertThat(manifest.at("/spec/platforms")).hasSize(1);
        JsonNode platform = manifest.at("/spec/platforms/0");
        String uri = platform.path("uri").asText();
        assertThat(uri).startsWith(URL + "/kubectl-traversion-");
        Path archive = directory.resolve(uri.substring(URL.length() + 1));
        assertThat(platform.path("sha256").asText()).isEqualTo(sha256(archive));

        Path krew = directory.resolve("krew");
        Tool.named("krew", Map.of("KREW_ROOT", krew.toString()))
                .output("install", "--manifest=" + directory.resolve("traversion.yaml"), "--archive=" + archive);
        assertThat(krew.resolve(
                        "store/traversion/" + manifest.at("/spec/version").asText() + "/LICENSE"))
                .isRegularFile();
        assertThat(run(krew.resolve("bin/kubectl-traversion").toString(), "--help"))
                .contains("Usage:", "record", "rewind");
    }

    @Test
    void theSameBuildGivesTheSameArchive() throws Exception {
        Path again = directory.resolve("again");
        run("./traversion", "release", URL + "/", again.toString());
        assertThat(again.resolve("traversion.yaml")).hasSameTextualContentAs(directory.resolve("traversion.yaml"));
    }

    @Test
    void theBillOfMaterialsHasEveryLibraryAndNoneOfALicenceThatBinds() throws Exception {
        Set<String> listed = new TreeSet<>();
        for (JsonNode component : new ObjectMapper()
                .readTree(directory.resolve("bom.json").toFile())
                .path("components")) {
            String file = component.path("name").asText() + "-"
                    + component.path("version").asText() + ".jar";
            listed.add(file);
            List<String> licences = new ArrayList<>();
            component.path("licenses").forEach(each -> licences.add(licence(each)));
            assertThat(licences).as(file).isNotEmpty().allMatch(FREE::contains);
        }
        for (String folder : List.of("kubectl-traversion/target/dist/lib", "operator/target/lib")) {
            try (Stream<Path> libraries = Files.list(ROOT.resolve(folder))) {
                assertThat(libraries.map(path -> path.getFileName().toString()))
                        .isNotEmpty()
                        .allMatch(listed::contains);
            }
        }
    }

    private static String licence(JsonNode choice) {
        JsonNode licence = choice.path("license");
        return choice.path("expression")
                .asText(licence.path("id").asText(licence.path("name").asText()));
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
