/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The folder tree is the architecture: dependencies between modules point one way. */
@AnalyzeClasses(
        packages = "dev.traversion",
        importOptions = {ImportOption.DoNotIncludeTests.class, DependencyDirectionTest.NoTestJars.class})
class DependencyDirectionTest {

    /** What modules give to each other's tests. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule modulesDependInOneDirection = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("crds")
            .definedBy("dev.traversion.crds..")
            .layer("archive")
            .definedBy("dev.traversion.archive..")
            .layer("masking")
            .definedBy("dev.traversion.masking..")
            .layer("snapshotter")
            .definedBy("dev.traversion.snapshotter..")
            .layer("daemonset")
            .definedBy("dev.traversion.daemonset..")
            .layer("rewind")
            .definedBy("dev.traversion.rewind..")
            .layer("analysis")
            .definedBy("dev.traversion.analysis..")
            .layer("operator")
            .definedBy("dev.traversion.operator..")
            .layer("plugin")
            .definedBy("dev.traversion.kubectl..")
            .layer("e2e")
            .definedBy("dev.traversion.e2e..")
            .whereLayer("e2e")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("plugin")
            .mayOnlyBeAccessedByLayers("e2e")
            .whereLayer("operator")
            .mayOnlyBeAccessedByLayers("e2e")
            .whereLayer("masking")
            .mayOnlyBeAccessedByLayers("snapshotter", "daemonset", "operator", "plugin", "e2e")
            .whereLayer("snapshotter")
            .mayOnlyBeAccessedByLayers("operator", "plugin", "e2e")
            .whereLayer("daemonset")
            .mayOnlyBeAccessedByLayers("operator", "plugin", "e2e")
            .whereLayer("rewind")
            .mayOnlyBeAccessedByLayers("operator", "plugin", "e2e")
            .whereLayer("analysis")
            .mayOnlyBeAccessedByLayers("rewind", "operator", "plugin", "e2e");

    @ArchTest
    static final ArchRule theArchiveKnowsNeitherKubernetesNorServers = noClasses()
            .that()
            .resideInAPackage("dev.traversion.archive..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.quarkus..", "org.eclipse.jetty..", "picocli..");

    @ArchTest
    static final ArchRule packagesOfAModuleFormNoCycles =
            slices().matching("dev.traversion.(*).(*)..").should().beFreeOfCycles();
}
