/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import static dev.traversion.archive.node.NodeLanding.LAYOUT;
import static dev.traversion.archive.node.NodeLanding.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.seal.Seal;
import dev.traversion.archive.testing.DyingStore;
import dev.traversion.archive.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What says which files a table of nodes has is sealed. {@code -Dtraversion.damages=all} tries every byte and every length of it; else
 * a number of them that the seed chooses.
 */
class NodeSealsTest {

    private static final String DAMAGES = System.getProperty("traversion.damages", "200");

    @TempDir
    private Path directory;

    private NodeLanding nodes;

    @BeforeEach
    void open() {
        nodes = new NodeLanding(directory);
    }

    private void compact(int runs) throws IOException {
        for (int run = 0; run < runs; run++) {
            nodes.land("n1", run, true);
            nodes.compaction(nodes.store()).run();
        }
    }

    private Seal seal(int commit) throws IOException {
        return StoredJson.read(bytes(LAYOUT.tableSeals(TABLE.tableName()) + commit + ".json"), Seal.class);
    }

    private byte[] bytes(String path) throws IOException {
        return Files.readAllBytes(nodes.file(path));
    }

    @Test
    void eachCommitThatIsRememberedIsSealedAndFollowsTheOneBefore() throws Exception {
        compact(5);

        String folder = LAYOUT.tableSeals(TABLE.tableName());
        assertThat(nodes.files("seals")).containsExactly(folder + "4.json", folder + "5.json", folder + "6.json");
        assertThat(seal(6).previous()).isEqualTo(Seal.sha256(bytes(folder + "5.json")));
        assertThat(seal(5).previous()).isEqualTo(Seal.sha256(bytes(folder + "4.json")));
        assertThat(seal(6).files().stream().map(file -> LAYOUT.root() + file.path()))
                .contains(nodes.newest("metadata"), nodes.newest("list"), nodes.newest("manifest"));
        assertThat(nodes.damages()).isEmpty();
    }

    @Test
    void aCommitThatACrashLeftWithoutASealIsNoDamageAndTheNextMakesUpForIt() throws Exception {
        int unsealed = 0;
        for (int at = new Random(Seed.take()).nextInt(NodeLanding.STEPS); ; at += NodeLanding.STEPS) {
            nodes = new NodeLanding(directory.resolve("at-" + at));
            compact(1);
            nodes.land("n1", 1, true);
            boolean isKilled = false;
            try {
                nodes.compaction(new DyingStore(nodes.store(), at)).run();
            } catch (DyingStore.Killed e) {
                isKilled = true;
            }
            assertThat(nodes.damages()).as("killed at " + at).allMatch(damage -> damage.startsWith("note: "));
            unsealed += nodes.damages().isEmpty() ? 0 : 1;
            nodes.land("n1", 2, true);
            nodes.compaction(nodes.store()).run();
            assertThat(nodes.damages()).as("after the next run").isEmpty();
            if (!isKilled) {
                break;
            }
        }
        if (NodeLanding.STEPS == 1) {
            assertThat(unsealed).as("commits without a seal").isEqualTo(3);
        }
    }

    @Test
    void aRecordingOfBeforeThereWereSealsIsWholeWithANote() throws Exception {
        compact(2);
        for (String seal : nodes.files("seals")) {
            Files.delete(nodes.file(seal));
        }
        assertThat(nodes.damages())
                .singleElement()
                .satisfies(note -> assertThat(note).startsWith("note: ").contains("seals/3.json is not there yet"));

        nodes.land("n1", 2, true);
        nodes.compaction(nodes.store()).run();

        assertThat(nodes.damages()).isEmpty();
        assertThat(nodes.files("seals")).hasSize(2);
    }

    @Test
    void anyByteThatTurnsAndAnyCutIsTold() throws Exception {
        Random random = new Random(Seed.take());
        compact(2);
        for (String kind : List.of("metadata", "list", "manifest", "seal")) {
            String path = nodes.newest(kind);
            byte[] whole = bytes(path);
            for (int at : chosen(whole.length, random)) {
                byte[] turned = whole.clone();
                turned[at] ^= (byte) (1 + random.nextInt(255));
                Files.write(nodes.file(path), turned);
                assertThat(nodes.damages(TABLE))
                        .as("byte " + at + " of " + path)
                        .contains(path);
                Files.write(nodes.file(path), Arrays.copyOf(whole, at));
                assertThat(nodes.damages(TABLE)).as(path + " cut off at " + at).contains(path);
            }
            Files.write(nodes.file(path), whole);
        }
        assertThat(nodes.damages()).isEmpty();
    }

    private static int[] chosen(int length, Random random) {
        long most = DAMAGES.equals("all") ? length : Integer.parseInt(DAMAGES) / 4;
        return random.ints(0, length).distinct().limit(Math.min(most, length)).toArray();
    }

    @Test
    void noByteOfASealCanTurnAndNoneBeCutOff() throws Exception {
        compact(2);
        String path = nodes.newest("seal");
        byte[] whole = bytes(path);
        NodeSeals seals = new NodeSeals(nodes.store(), LAYOUT, TABLE);
        for (int at = 0; at < whole.length; at++) {
            byte[] turned = whole.clone();
            turned[at] ^= (byte) (1 << at % 8);
            Files.write(nodes.file(path), turned);
            assertThat(seals.kept(Map.of()).getLast().problem())
                    .as("byte " + at)
                    .contains(path);
            Files.write(nodes.file(path), Arrays.copyOf(whole, at));
            assertThat(seals.kept(Map.of()).getLast().problem())
                    .as("cut off at " + at)
                    .contains(path);
        }
    }

    /** Of a version that knew of seals, a later commit of one that did not, and what that one deleted. */
    @Test
    void aSealThatAnOlderVersionLeftBehindIsNoDamage() throws Exception {
        compact(2);
        String seal = nodes.newest("seal");
        byte[] content = bytes(seal);
        for (int run = 2; run < 6; run++) {
            nodes.land("n1", run, true);
            nodes.compaction(nodes.store()).run();
        }
        for (String later : nodes.files("seals")) {
            Files.delete(nodes.file(later));
        }
        Files.write(nodes.file(seal), content);

        assertThat(nodes.damages(TABLE)).singleElement().asString().startsWith("note: ");
        nodes.land("n1", 6, true);
        nodes.compaction(nodes.store()).run();
        assertThat(nodes.damages(TABLE)).isEmpty();
        assertThat(nodes.file(seal)).doesNotExist();
    }

    @Test
    void aNewestCommitThatIsGoneIsMissedByWhoeverReads() throws Exception {
        compact(2);
        String metadata = nodes.newest("metadata");
        Files.delete(nodes.file(metadata));

        assertThat(nodes.damages()).containsExactly(metadata);
        assertThatThrownBy(nodes::exits)
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(metadata)
                .hasMessageContaining("missing");
    }

    /** Every checksum is right, and yet it is not what was written. */
    @Test
    void aForgedCommitIsReadAndOnlyItsSealTells() throws Exception {
        compact(2);
        String metadata = nodes.newest("metadata");
        String forged = new String(bytes(metadata), StandardCharsets.UTF_8)
                .replaceFirst("\"last-updated-ms\":1", "\"last-updated-ms\":2");
        Files.write(nodes.file(metadata), StampedJson.stamp(forged));

        assertThat(nodes.exits()).hasSize(20);
        assertThat(nodes.damages()).containsExactly(metadata);
    }

    @Test
    void aSealThatDoesNotFollowTheOneBeforeIsTold() throws Exception {
        compact(3);
        List<String> seals = new ArrayList<>(nodes.files("seals"));
        String before = seals.get(seals.size() - 2);
        String forged = new String(bytes(before), StandardCharsets.UTF_8).replaceFirst("\"time\":\"2", "\"time\":\"3");
        Files.write(nodes.file(before), StampedJson.stamp(forged));

        assertThat(nodes.damages()).containsExactly(seals.getLast());
    }
}
