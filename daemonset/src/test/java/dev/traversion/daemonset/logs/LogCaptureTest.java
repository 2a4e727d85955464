/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.traversion.archive.testing.Seed;
import dev.traversion.daemonset.logs.LogAgent.Line;
import dev.traversion.masking.MaskingKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs are read from real files, by agents that end and are killed, while they are written and rotated. */
class LogCaptureTest {

    private static final MaskingKey KEY = new MaskingKey(new byte[32]);
    private static final LogRules SHOP = LogRules.of(List.of("shop"), KEY);
    private static final String UID = "0f8a6bb5-0000-4000-8000-000000000001";

    @TempDir
    private Path work;

    private LogOptions options;
    private int epoch;
    private PodLog log;

    @BeforeEach
    void container() throws IOException {
        options = LogAgent.options(work, () -> SHOP);
        log = new PodLog(work.resolve("pods"), "shop", "web-1", UID, "app");
    }

    private LogAgent agent() throws IOException {
        return new LogAgent(work, ++epoch, options);
    }

    @Test
    void partsAreJoinedEachStreamByItself() throws IOException {
        log.write(PodLog.record("2026-11-26T12:00:00.000000001Z", "stdout", true, "a")
                + PodLog.record("2026-11-26T12:00:00.5+01:00", "stderr", false, "whole é")
                + PodLog.record("2026-11-26T12:00:01Z", "stdout", true, "b ")
                + PodLog.record("2026-11-26T12:00:02Z", "stdout", false, " c")
                + PodLog.record("2026-11-26T12:00:03Z", "stdout", false, "")
                + "2026-11-26T12:00:04Z stdout F\n");
        try (LogAgent agent = agent()) {
            agent.read();
        }
        assertThat(LogAgent.lines(work))
                .containsExactly(
                        new Line(UID, "app", 0, "stderr", "whole é", 0, nanos("2026-11-26T11:00:00.5Z")),
                        new Line(UID, "app", 0, "stdout", "ab  c", 0, nanos("2026-11-26T12:00:00.000000001Z")),
                        new Line(UID, "app", 0, "stdout", "", 0, nanos("2026-11-26T12:00:03Z")),
                        new Line(UID, "app", 0, "stdout", "", 0, nanos("2026-11-26T12:00:04Z")));
    }

    private static long nanos(String time) {
        Instant instant = Instant.parse(time);
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    @RepeatedTest(20)
    void anyPiecesRotationsAndRestartsGiveEachLineOnceInOrder() throws IOException {
        long seed = Seed.take();
        Random random = new Random(seed);
        List<Line> written = new ArrayList<>();
        LogAgent agent = agent();
        // What was rotated before an agent ever saw the log is left out.
        log.write("");
        agent.read();
        agent.flush();
        ByteArrayOutputStream unwritten = new ByteArrayOutputStream();
        boolean isRotated = false;
        for (int step = 0; step < 300; step++) {
            switch (random.nextInt(9)) {
                case 0, 1, 2, 3 -> unwritten.writeBytes(randomLine(random, step, written));
                case 4 -> agent.find();
                case 5 -> agent.readOn(random.nextInt(5000));
                case 6 -> {
                    // Nobody rotates twice before the agent looks: that is another test.
                    if (!isRotated && Files.exists(log.file())) {
                        log.rotate();
                        isRotated = true;
                    }
                }
                case 7 -> agent.flush();
                default -> {
                    if (random.nextBoolean()) {
                        agent.close();
                    } else {
                        if (random.nextBoolean()) {
                            agent.writeRows();
                        }
                        agent.kill();
                    }
                    agent = agent();
                    agent.read();
                    isRotated = false;
                }
            }
            byte[] bytes = unwritten.toByteArray();
            int some = random.nextInt(bytes.length + 1);
            log.write(Arrays.copyOf(bytes, some));
            unwritten.reset();
            unwritten.write(bytes, some, bytes.length - some);
        }
        log.write(unwritten.toByteArray());
        for (int i = 0; i < 3; i++) {
            agent.read();
        }
        agent.close();
        assertThat(LogAgent.lines(work)).as("seed " + seed).isEqualTo(written);
        assertThat(LogAgent.gaps(work)).as("seed " + seed).isEmpty();
    }

    /** A line in some parts. */
    private static byte[] randomLine(Random random, int number, List<Line> written) {
        String stream = random.nextInt(4) == 0 ? "stderr" : "stdout";
        String time = Instant.ofEpochSecond(1_800_000_000L + number, random.nextInt(1_000_000_000))
                .toString();
        StringBuilder records = new StringBuilder();
        StringBuilder text = new StringBuilder();
        int parts = random.nextInt(5) == 0 ? 1 + random.nextInt(3) : 0;
        for (int part = 0; part <= parts; part++) {
            String content = "line " + number + " ü".repeat(random.nextInt(40));
            text.append(content);
            records.append(PodLog.record(time, stream, part < parts, content));
        }
        written.add(new Line(UID, "app", 0, stream, text.toString(), 0, nanos(time)));
        return records.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aRestartedContainerHasAnotherLogAndTheEndOfTheFirstIsRead() throws IOException {
        try (LogAgent agent = agent()) {
            log.line("one");
            agent.read();
            log.line("two");
            log.restart();
            log.line("three");
            agent.read();
        }
        assertThat(LogAgent.lines(work))
                .extracting(Line::restart, Line::text)
                .containsExactly(tuple(0L, "one"), tuple(0L, "two"), tuple(1L, "three"));
    }

    @Test
    void aRemovedPodsLogIsReadToItsEnd() throws IOException {
        try (LogAgent agent = agent()) {
            log.line("one");
            agent.read();
            log.line("last words");
            Files.delete(log.file());
            Files.delete(log.folder());
            Files.delete(log.folder().getParent());
            agent.read();
        }
        assertThat(LogAgent.texts(work)).containsExactly("one", "last words");
    }

    @Test
    void aFileThatIsCutShortIsReadAgainFromItsBeginningAndTold() throws IOException {
        try (LogAgent agent = agent()) {
            log.line("one, which is longer than what comes next");
            agent.read();
            Files.write(log.file(), new byte[0]);
            log.line("two");
            agent.read();
        }
        assertThat(LogAgent.texts(work)).containsExactly("one, which is longer than what comes next", "two");
        assertThat(LogAgent.gaps(work)).containsExactly("shop/web-1/app: its file was cut short while it was read");
    }

    @Test
    void whatIsRotatedAwayWhileNoAgentRunsIsTold() throws IOException {
        try (LogAgent agent = agent()) {
            log.line("one");
            agent.read();
        }
        log.line("never seen");
        Path old = log.rotate();
        Files.move(old, Path.of(old + ".gz"));
        Files.delete(Path.of(old + ".gz"));
        log.line("three");
        try (LogAgent agent = agent()) {
            agent.read();
        }
        assertThat(LogAgent.texts(work)).containsExactly("one", "three");
        assertThat(LogAgent.gaps(work)).hasSize(1).first().asString().startsWith("shop/web-1/app: its file");
    }

    @Test
    void whatWasRotatedBeforeAnAgentEverSawItIsTold() throws IOException {
        log.line("never seen");
        Path old = log.rotate();
        Files.move(old, Path.of(old + ".gz"));
        log.line("two");
        for (int run = 0; run < 2; run++) {
            try (LogAgent agent = agent()) {
                agent.read();
            }
        }
        assertThat(LogAgent.texts(work)).containsExactly("two");
        assertThat(LogAgent.gaps(work))
                .containsExactly("shop/web-1/app: what was rotated before an agent saw it first is not read");
    }

    @Test
    void whatWasRotatedWhileNoAgentRanIsReadFromItsOtherNames() throws IOException {
        try (LogAgent agent = agent()) {
            log.line("one");
            agent.read();
        }
        log.line("two");
        log.rotate();
        log.line("three");
        log.rotate();
        log.line("four");
        try (LogAgent agent = agent()) {
            agent.read();
        }
        assertThat(LogAgent.texts(work)).containsExactly("one", "two", "three", "four");
        assertThat(LogAgent.gaps(work)).isEmpty();
    }

    @Test
    void aPodThatIsGoneWhenTheAgentComesBackIsTold() throws IOException {
        try (LogAgent agent = agent()) {
            log.line("one");
            agent.read();
        }
        Files.delete(log.file());
        try (LogAgent agent = agent()) {
            agent.read();
        }
        assertThat(LogAgent.gaps(work))
                .containsExactly("pod " + UID + ", container app: its log was removed while no agent read it");
    }

    @Test
    void aLongLineIsCutBetweenCharactersAndBinaryDoesNoHarm() throws IOException {
        String part = "ä".repeat(8000);
        for (int i = 0; i < 64; i++) {
            log.write(PodLog.record("2026-11-26T12:00:00Z", "stdout", true, "x" + part));
        }
        log.line("end of it");
        log.write(new byte[] {(byte) 0xff, 0, 1, '\n'});
        log.write("2026-11-26T12:00:00Z stdout F a\0b");
        log.write(new byte[] {(byte) 0xc3, '\n'});
        log.line("after");
        try (LogAgent agent = agent()) {
            agent.read();
        }
        List<Line> lines = LogAgent.lines(work);
        long bytes = 64L * 16_001 + "end of it".length();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).text()).startsWith("xä").endsWith("ä").doesNotContain("\ufffd");
        assertThat(lines.get(0).text().getBytes(StandardCharsets.UTF_8).length
                        + lines.get(0).cut())
                .isEqualTo(bytes);
        assertThat(lines.get(1).text()).isEqualTo("a\0b\ufffd");
        assertThat(lines.get(2).text()).isEqualTo("after");
        assertThat(LogAgent.gaps(work))
                .containsExactly("shop/web-1/app: a line is not as a container runtime writes them");
    }

    @Test
    void whatIsWrittenFasterThanItMayBeReadIsLeftOutAtTheOldEndAndTold() throws IOException {
        options = new LogOptions(options.folder(), options.positions(), options.rules(), 4096, 16384);
        try (LogAgent agent = agent()) {
            log.line("first");
            agent.read();
            for (int i = 0; i < 1000; i++) {
                log.line("line " + i);
            }
            for (int i = 0; i < 10; i++) {
                agent.read();
            }
        }
        List<String> texts = LogAgent.texts(work);
        assertThat(texts).startsWith("first").endsWith("line 998", "line 999").hasSizeLessThan(500);
        int next = Integer.parseInt(texts.get(1).substring(5));
        for (int i = 1; i < texts.size(); i++) {
            assertThat(texts.get(i)).isEqualTo("line " + (next + i - 1));
        }
        assertThat(LogAgent.gaps(work))
                .containsExactly("shop/web-1/app: it was written to faster than it may be recorded");
    }

    @Test
    void secretsAndKeysOverSeveralLinesAreMasked() throws IOException {
        log.line("logged in with password=hunter2hunter2");
        log.line("-----BEGIN PRIVATE KEY-----");
        log.line("MIIEvQIBADANBg");
        log.line("-----END PRIVATE KEY-----");
        log.line("done");
        try (LogAgent agent = agent()) {
            agent.read();
        }
        List<String> texts = LogAgent.texts(work);
        assertThat(texts).hasSize(5).endsWith("done");
        assertThat(String.join("\n", texts)).doesNotContain("hunter2", "MIIEvQIBADANBg");
    }

    @Test
    void aKeyThatAnAgentsEndCutsInTwoIsMasked() throws IOException {
        log.line("before");
        log.line("-----BEGIN PRIVATE KEY-----");
        log.line("MIIEvQIBADANBg");
        try (LogAgent agent = agent()) {
            agent.read();
        }
        log.line("kqhkiG9w0BAQEF");
        log.line("-----END PRIVATE KEY-----");
        log.line("after");
        try (LogAgent agent = agent()) {
            agent.read();
        }
        List<String> texts = LogAgent.texts(work);
        assertThat(texts).as("each line once").hasSize(6).startsWith("before").endsWith("after");
        assertThat(String.join("\n", texts)).doesNotContain("MIIEvQIBADANBg", "kqhkiG9w0BAQEF");
    }

    @Test
    void onlyNamespacesThatAreWantedAreReadAndTheRulesMayChange() throws IOException {
        PodLog other = new PodLog(work.resolve("pods"), "bank", "vault-1", "uid-2", "app");
        Path file = work.resolve("logs.json");
        Files.writeString(file, "{\"namespaces\":[\"shop\"]}");
        options = LogAgent.options(work, LogRulesSource.file(file, KEY));
        try (LogAgent agent = agent()) {
            log.line("shop");
            other.line("bank");
            agent.read();
            Files.writeString(file, "{\"namespaces\":[\"bank\"],\"masking\":{\"patterns\":[\"number [0-9]+\"]}}");
            log.line("not any more");
            other.line("account number 4711");
            agent.read();
            Files.writeString(file, "{\"namespaces\":[\"bank\"],\"maskign\":{}}");
            other.line("while nobody knows what is secret");
            agent.read();
            assertThat(agent.logs().problem()).contains("maskign");
            Files.writeString(file, "{\"namespaces\":[\"bank\"]}");
            agent.read();
            assertThat(agent.logs().problem()).isEmpty();
        }
        List<String> texts = LogAgent.texts(work);
        assertThat(texts).hasSize(4).startsWith("shop", "bank").endsWith("while nobody knows what is secret");
        assertThat(texts.get(2)).startsWith("account ").doesNotContain("4711");
        assertThat(LogAgent.gaps(work)).hasSize(1).first().asString().contains("maskign");
    }
}
