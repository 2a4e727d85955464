/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.analysis.Similar;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.archive.Recording;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody is told who misspelled a name. */
class SimilarTest {

    @TempDir
    private Path directory;

    private Story story;
    private Recording recording;

    @BeforeEach
    void tell() throws Exception {
        story = new Story(directory);
        story.deployment(1, "gateway", "\"image\":\"g:1\"");
        story.deployment(1, "ledger", "\"image\":\"l:1\"");
        story.pod(2, 1, "gateway", "5d", "\"image\":\"g:1\"", Story.ready());
        recording = story.end(60);
    }

    @AfterEach
    void close() throws Exception {
        story.close();
    }

    @Test
    void aTypingErrorIsNamedWithWhatIsLikeIt() throws Exception {
        assertThat(hint("shop", "gatway")).isEqualTo(" Did you mean deployments/gateway?");
        assertThat(hint("shop", "warehouse")).isEmpty();
    }

    @Test
    void anotherNamespaceIsNamed() throws Exception {
        assertThat(hint("store", "gateway")).isEqualTo(" There is one in the namespace shop.");
        assertThat(hint("store", "gatway")).isEmpty();
    }

    @Test
    void aPodIsFoundByTheNameOfWhatMadeIt() throws Exception {
        assertThat(Similar.hint(recording, Set.of(Types.PODS), "shop", "gateway", end()))
                .isEqualTo(" Did you mean pods/gateway-5d-x?");
    }

    private String hint(String namespace, String name) throws Exception {
        return Similar.hint(recording, Set.of(Types.DEPLOYMENTS), namespace, name, end());
    }

    private static long end() {
        return Story.START + 60 * Story.SECOND;
    }
}
