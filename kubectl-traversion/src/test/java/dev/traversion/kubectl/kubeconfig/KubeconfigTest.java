/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubeconfigTest {

    private static final MomentContext MOMENT = moment("prod@14:03:22Z", "shop");

    private static final String BY_KUBECTL = """
            apiVersion: v1
            clusters:
            - cluster:
                server: https://10.0.0.1:6443
              name: prod
            - cluster:
                certificate-authority-data: QUJD
                server: https://10.0.0.2:6443
              name: test
            contexts:
            - context:
                cluster: prod
                namespace: shop
                user: admin
              name: prod
            - context:
                cluster: test
                user: admin
              name: test
            current-context: prod
            kind: Config
            preferences: {}
            users:
            - name: admin
              user:
                token: secret
            """;

    @TempDir
    private Path directory;

    private static MomentContext moment(String name, String namespace) {
        return new MomentContext(
                name, "https://127.0.0.1:1/clusters/x/at/y", "PEM\n", MomentContext.Login.byToken("0123"), namespace);
    }

    private static KubeconfigText parse(String text) {
        return KubeconfigText.parse(text, "test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BY_KUBECTL,
                """
                # mine
                kind: Config
                apiVersion: v1
                current-context: "prod"   # do not change
                users:
                    - {name: admin, user: {token: "s"}}
                    # the end of users
                contexts:
                    -   name: prod
                        context: {cluster: prod, user: admin}

                # clusters
                clusters:
                    -   name: prod   # ünïcödé 🕰
                        cluster: {server: "https://10.0.0.1:6443"}
                """,
                "apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\ncurrent-context: \"\"\n",
                "clusters:\n- name: a\n  cluster: {server: https://a}\ncontexts: []\nusers: []\n"
            })
    void comingAndGoingLeavesEveryByteAsItWas(String text) {
        KubeconfigText before = parse(text);
        KubeconfigText there = before.withMoment(MOMENT);
        assertThat(there.currentContext()).contains("prod@14:03:22Z");
        assertThat(there.moments()).containsExactly("prod@14:03:22Z");
        assertThat(there.namespace("prod@14:03:22Z")).contains("shop");
        assertThat(there.rest()).isEqualTo(before.rest());
        assertThat(there.withoutMoments().text()).isEqualTo(text);
        assertThat(there.withMoment(moment("prod@13:00:00Z", ""))
                        .withoutMoments()
                        .text())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\ncurrent-context: \"\"\nusers: null\n"
            })
    void anEmptyKubeconfigTakesAMoment(String text) {
        KubeconfigText there = parse(text).withMoment(MOMENT);
        assertThat(there.contexts()).containsExactly("prod@14:03:22Z");
        assertThat(there.contextBefore().orElse("")).isEmpty();
        KubeconfigText back = there.withoutMoments();
        assertThat(back.currentContext()).isEmpty();
        assertThat(back.contexts()).isEmpty();
    }

    @Test
    void rememberWhereTheUserCameFrom() {
        KubeconfigText twice = parse(BY_KUBECTL).withMoment(MOMENT).withMoment(moment("prod@13:00:00Z", ""));
        assertThat(twice.moments()).containsExactly("prod@13:00:00Z");
        assertThat(twice.contextBefore()).contains("prod");
        assertThat(twice.withoutMoments().currentContext()).contains("prod");
    }

    @Test
    void aContextTheUserHasChosenMeanwhileStays() {
        String there = parse(BY_KUBECTL).withMoment(MOMENT).text();
        String switched = there.replace("current-context: \"prod@14:03:22Z\"", "current-context: test");
        assertThat(parse(switched).withoutMoments().text())
                .isEqualTo(BY_KUBECTL.replace("current-context: prod", "current-context: test"));
    }

    @Test
    void whatIsWrittenAsJsonIsLeftAlone() throws IOException {
        Path file = directory.resolve("config");
        String json = "{\"kind\":\"Config\",\"clusters\":[{\"name\":\"a\",\"cluster\":{}}]}";
        Files.writeString(file, json);
        assertThatThrownBy(() -> new KubeconfigFile(file).edit(text -> text.withMoment(MOMENT)))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("--kubeconfig-out");
        assertThat(file).hasContent(json);
    }

    @Test
    void aForeignContextOfThatNameIsLeftAlone() {
        String foreign = BY_KUBECTL.replace("  name: test", "  name: prod@14:03:22Z");
        assertThatThrownBy(() -> parse(foreign).withMoment(MOMENT)).hasMessageContaining("not ours");
    }

    @Test
    void theFileKeepsItsPermissionsAndItsLinks() throws IOException {
        Path real = directory.resolve("real");
        Files.writeString(real, BY_KUBECTL);
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(directory.resolve("config"), real);
        new KubeconfigFile(link).edit(text -> text.withMoment(MOMENT));
        assertThat(link).isSymbolicLink();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-r-----");
        assertThat(new KubeconfigFile(real).read().currentContext()).contains("prod@14:03:22Z");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("real", "config");
    }

    @Test
    void aNewFileIsPrivate() throws IOException {
        Path file = directory.resolve("new/config");
        new KubeconfigFile(file).edit(text -> text.withMoment(MOMENT));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsNoKubeconfigIsSaidSo() throws IOException {
        Path file = directory.resolve("config");
        Files.writeString(file, "a: [");
        assertThatThrownBy(() -> new KubeconfigFile(file).read())
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(file.toString());
        Files.writeString(file, "- a\n");
        assertThatThrownBy(() -> new KubeconfigFile(file).read()).hasMessageContaining("is not a kubeconfig");
    }

    @Test
    void theFirstFileThatSaysSomethingWins() throws IOException {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        Files.writeString(first, "contexts:\n- name: test\n  context: {cluster: c, namespace: first}\n");
        Files.writeString(second, BY_KUBECTL);
        Kubeconfigs files =
                Kubeconfigs.of("", Map.of("KUBECONFIG", first + ":" + second + ":" + directory.resolve("absent")));
        assertThat(files.currentContext()).contains("prod");
        assertThat(files.namespace("")).contains("shop");
        assertThat(files.namespace("test")).contains("first");
        assertThat(files.contexts()).containsExactly("test", "prod");
        assertThat(files.deciding().path()).isEqualTo(second);
    }
}
