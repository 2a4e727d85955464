/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTreeTest {

    private static final String CONTAINER = "c".repeat(64);
    private static final String POD = "0a1b2c3d-1111-4222-8333-0123456789ab";
    private static final String PATH = "/kubepods/pod" + POD + "/" + CONTAINER;
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path mount;

    @Test
    void memoryIsTheHierarchyUnlessAllIsVersion2() throws Exception {
        Path second = Files.createDirectory(mount.resolve("v2"));
        Files.createFile(second.resolve("cgroup.procs"));
        Path hybrid = Files.createDirectory(mount.resolve("hybrid"));
        Files.createDirectories(hybrid.resolve("memory"));
        Files.createFile(hybrid.resolve("memory/cgroup.procs"));
        Files.createDirectories(hybrid.resolve("unified"));

        assertThat(new CgroupTree(second).memoryHierarchy()).isFalse();
        assertThat(new CgroupTree(hybrid).memoryHierarchy()).isTrue();
        assertThatThrownBy(() -> new CgroupTree(mount))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("no control groups that the agent knows");
    }

    @Test
    void aGroupIsKnownByItsInode() throws Exception {
        CgroupTree tree = tree();
        Path group = Files.createDirectories(Path.of(mount + PATH));
        Map<Long, String> walked = new HashMap<>();

        tree.walk(walked::put);

        long inode = ((Number) Files.getAttribute(group, "unix:ino")).longValue();
        assertThat(tree.container(inode)).hasToString(POD + "/" + CONTAINER);
        assertThat(walked).containsEntry(inode, PATH).containsValue("/").containsValue("/kubepods");
        assertThat(tree.container(1)).isSameAs(Container.NONE);
    }

    @Test
    void aRemovedGroupIsKnownForAnotherMinute() throws Exception {
        CgroupTree tree = tree();
        tree.made(7, PATH);
        tree.made(8, PATH);

        tree.removed(7, 100 * SECOND);
        tree.removed(8, 159 * SECOND);
        assertThat(tree.container(7)).hasToString(POD + "/" + CONTAINER);

        tree.removed(9, 161 * SECOND);
        assertThat(tree.container(7)).isSameAs(Container.NONE);
        assertThat(tree.container(8)).hasToString(POD + "/" + CONTAINER);
    }

    @Test
    void groupsThatComeAndGoFastDoNotFillTheMemory() throws Exception {
        CgroupTree tree = tree();
        for (long id = 10; id < 30_000; id++) {
            tree.made(id, PATH);
            tree.removed(id, SECOND);
        }
        assertThat(tree.container(10)).isSameAs(Container.NONE);
        assertThat(tree.container(29_999)).isNotSameAs(Container.NONE);
    }

    private CgroupTree tree() throws IOException {
        Files.createFile(mount.resolve("cgroup.procs"));
        return new CgroupTree(mount);
    }
}
