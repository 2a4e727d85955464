/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.WrittenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartCheckTest {

    private static final ResourceType PODS = new ResourceType("", "pods");

    @TempDir
    private Path directory;

    private final PartCaches caches = new PartCaches(1 << 20, 1 << 20);
    private final List<String> problems = new ArrayList<>();

    private record Row(String name, int version, long until, boolean carried) {}

    private record Written(PartFile file, PartReader reader) {}

    private Written write(long start, long end, Row... rows) throws IOException {
        Path path = directory.resolve("writing");
        try (PartWriter part = new PartWriter(path, start, end, Compression.QUICK)) {
            for (Row row : rows) {
                byte[] body = ("{\"version\":" + row.version + "}").getBytes(StandardCharsets.UTF_8);
                part.add(
                        new RawVersion(
                                new ObjectKey(PODS, "shop", row.name),
                                "Pod",
                                "uid",
                                Integer.toString(row.version),
                                row.version,
                                Long.MAX_VALUE,
                                Operation.MODIFIED,
                                body),
                        row.until,
                        row.carried);
            }
            WrittenFile file = part.finish();
            Path stored = Files.move(path, directory.resolve(file.name()));
            return new Written(
                    new PartFile(file.name(), start, end, file.rows(), file.bytes()),
                    PartReader.open(stored, file.name(), caches));
        }
    }

    private PartCheck check(Written part) {
        return new PartCheck(part.file, part.reader, problems::add);
    }

    private static Row carried(String name, int version) {
        return new Row(name, version, Long.MAX_VALUE, true);
    }

    private static Row last(String name, int version) {
        return new Row(name, version, Long.MAX_VALUE, false);
    }

    @Test
    void rowsThatFitTogetherAreAllRead() throws Exception {
        Written part = write(1, 9, new Row("a", 1, 3, false), new Row("a", 3, Long.MAX_VALUE, false), last("b", 9));

        assertThat(check(part).rows()).isEqualTo(3);

        assertThat(problems).isEmpty();
    }

    @Test
    void aVersionThatEndsBeforeOrAfterTheNextOneIsFound() throws Exception {
        check(write(1, 9, new Row("a", 1, 4, false), last("a", 3))).rows();
        assertThat(problems).singleElement().asString().contains("is not valid until the next one");
        problems.clear();
        check(write(1, 9, new Row("a", 1, 4, false), last("b", 3))).rows();
        assertThat(problems).singleElement().asString().contains("is not valid until the next one");
    }

    @Test
    void aChangeOutsideOfThePartsTimeIsFound() throws Exception {
        check(write(1, 9, last("a", 10))).rows();
        assertThat(problems).singleElement().asString().contains("outside of the part's time");
    }

    @Test
    void whatIsCarriedOverIsWhatWasAlive() throws Exception {
        Written before = write(1, 9, last("a", 1), last("b", 2));

        check(write(9, 20, carried("a", 1), carried("b", 2), last("c", 11))).follows(before.reader);
        assertThat(problems).isEmpty();

        check(write(9, 20, carried("a", 1), last("c", 11))).follows(before.reader);
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("does not carry over")
                .contains("shop/b");
        problems.clear();

        check(write(9, 20, carried("a", 1), carried("b", 3), last("c", 11))).follows(before.reader);
        assertThat(problems).singleElement().asString().contains("carries over another version of");
        problems.clear();

        check(write(9, 20, carried("a", 1), carried("b", 2), carried("c", 3))).follows(before.reader);
        assertThat(problems).singleElement().asString().contains("carries over what was not alive");
    }
}
