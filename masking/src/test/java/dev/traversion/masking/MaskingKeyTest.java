/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskingKeyTest {

    @TempDir
    private Path directory;

    @Test
    void theFileIsMadeOnceAndOnlyItsOwnerCanReadIt() throws Exception {
        Path file = directory.resolve("state/masking.key");
        String token = MaskingKey.load(file).token("", "data.a", "value");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String content = Files.readString(file);
        assertThat(content).matches("[0-9a-f]{64}\n");

        assertThat(MaskingKey.load(file).token("", "data.a", "value")).isEqualTo(token);
        assertThat(Files.readString(file)).isEqualTo(content);
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        assertThat(MaskingKey.load(directory.resolve("other.key")).token("", "data.a", "value"))
                .isNotEqualTo(token);
    }

    @Test
    void manyWhoBeginAtOnceHaveOneKey() throws Exception {
        Path file = directory.resolve("masking.key");
        List<Future<String>> tokens = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 32; i++) {
                tokens.add(threads.submit(() -> MaskingKey.load(file).token("", "f", "v")));
            }
        }
        Set<String> different = new HashSet<>();
        for (Future<String> token : tokens) {
            different.add(token.get());
        }
        assertThat(different).hasSize(1);
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws Exception {
        Path file = directory.resolve("masking.key");
        MaskingKey.load(file);
        for (String open : List.of("rw-r--r--", "rw----r--", "rw-----w-", "rw--w----")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            assertThatThrownBy(() -> MaskingKey.load(file))
                    .as(open)
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(open)
                    .hasMessageContaining("chmod 600");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        assertThat(MaskingKey.load(file).token("", "f", "v")).startsWith("hmac:");
    }

    @Test
    void aTornKeyIsRefusedAndKept() throws Exception {
        Path file = directory.resolve("masking.key");
        MaskingKey.load(file);
        String whole = Files.readString(file);
        for (String torn :
                List.of("", whole.substring(0, 63), whole.strip() + "0", whole.replace(whole.charAt(5), 'x'))) {
            Files.writeString(file, torn);
            assertThatThrownBy(() -> MaskingKey.load(file))
                    .as(torn)
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("damaged")
                    .hasMessageContaining(file.toString());
            assertThat(Files.readString(file)).isEqualTo(torn);
        }
    }

    @Test
    void whereNoFileCanBeIsSaid() throws Exception {
        Path file = Files.writeString(directory.resolve("notes.txt"), "notes");
        assertThatThrownBy(() -> MaskingKey.load(file.resolve("masking.key")))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aNewKeyAboveTheOldOneBeginsAnEpochThatTokensName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("masking.key");
        MaskingKey first = MaskingKey.load(file);
        Files.writeString(file, "ab".repeat(32) + "\n" + Files.readString(file));

        MaskingKey second = MaskingKey.load(file);

        assertThat(second.token("", "f", "v")).matches("hmac:2:[0-9a-f]{32}").matches(Tokens::isToken);
        assertThat(first.token("", "f", "v")).matches("hmac:[0-9a-f]{32}").matches(Tokens::isToken);
        assertThat(second.fingerprint())
                .as("recorders of both epochs may share a recording")
                .isEqualTo(first.fingerprint());
    }

    @Test
    void tokensTellOnlyWhetherTheSameFieldHasTheSameValue() {
        MaskingKey key = new MaskingKey(new byte[32]);
        String token = key.token("", "data.a", "value");
        assertThat(token).matches("hmac:[0-9a-f]{32}").isEqualTo(key.token("", "data.a", "value"));
        assertThat(Set.of(
                        token,
                        key.token("", "data.b", "value"),
                        key.token("", "data.a", "valuf"),
                        key.token("", "data.", "avalue"),
                        key.token("", "data.av", "alue"),
                        new MaskingKey(new byte[] {1}).token("", "data.a", "value"),
                        key.token("shop", "data.a", "value"),
                        key.token("", "data.a", "")))
                .hasSize(8);
    }
}
