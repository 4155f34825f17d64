package dev.recaller.worker;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The edges between packages that Maven cannot see; each rule is shown to have something to watch over. */
class ModuleEdgesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.recaller");

    @Test
    void nativeMemoryIsSeenInOnePackage() {
        onlyIn("dev.recaller.livekit.ffi..", "java.lang.foreign..")
                .because("who owns a native handle must be decided in one place")
                .check(CLASSES);
    }

    @Test
    void liveKitsMessagesStayInItsClient() {
        onlyIn("dev.recaller.livekit..", "livekit..")
                .because("LiveKit's protocol changes with its server, the program must not")
                .check(CLASSES);
    }

    @Test
    void modelsRunOnlyWhereRecallAndSpeechNeedThem() {
        onlyIn(
                        DescribedPredicate.or(
                                resideInAPackage("dev.recaller.memory.recall.."),
                                resideInAPackage("dev.recaller.worker.speech..")),
                        "ai.onnxruntime..")
                .because("each runtime session holds native memory and threads")
                .check(CLASSES);
    }

    @Test
    void sqlIsWrittenOnlyInStores() {
        DescribedPredicate<JavaClass> stores = DescribedPredicate.describe(
                "package-private stores of memory and worker",
                type -> resideInAnyPackage("dev.recaller.memory..", "dev.recaller.worker.store..")
                                .test(type)
                        && !outermost(type).getModifiers().contains(PUBLIC));
        onlyIn(DescribedPredicate.or(resideInAPackage("dev.recaller.sql.."), stores), "org.jooq..")
                .because("a table has one owner, and nobody else sees its columns")
                .check(CLASSES);
    }

    @Test
    void oneAdapterSpeaksOpenAi() {
        onlyIn("dev.recaller.worker.openai..", "com.openai..")
                .because("another vendor is another package beside it")
                .check(CLASSES);
    }

    @Test
    void grpcIsSpokenInOnePackage() {
        onlyIn("dev.recaller.worker.control..", "io.grpc..")
                .because("the program's own words are not those of a protocol")
                .check(CLASSES);
        onlyIn("dev.recaller.worker.control..", "dev.recaller.worker.control.v1..")
                .because("what is generated from the published files changes with them")
                .check(CLASSES);
    }

    @Test
    void libraryModulesKnowNoMetrics() {
        onlyIn("dev.recaller.worker..", "io.micrometer..")
                .because("the libraries tell listeners, the program decides what is counted")
                .check(CLASSES);
    }

    @Test
    void nothingImportsTheProgram() {
        assertThat(CLASSES.that(resideInAPackage("dev.recaller.worker.."))).isNotEmpty();
        noClasses()
                .that(not(resideInAPackage("dev.recaller.worker..")))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.recaller.worker.."))
                .because("the program is made of the modules, not the other way round")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        JavaClasses ours = CLASSES.that(not(resideInAPackage("dev.recaller.sql.schema.."))); // jOOQ generates cycles
        assertThat(ours.stream().map(JavaClass::getPackageName).distinct()).hasSizeGreaterThan(10);
        slices().matching("dev.recaller.(**)")
                .should()
                .beFreeOfCycles()
                .because("two packages that need each other are one")
                .check(ours);
    }

    private static ArchRule onlyIn(String home, String library) {
        return onlyIn(resideInAPackage(home), library);
    }

    private static ArchRule onlyIn(DescribedPredicate<? super JavaClass> home, String library) {
        assertThat(CLASSES.that(home).stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(dependency -> resideInAPackage(library).test(dependency.getTargetClass())))
                .as("uses of " + library + " where they belong: without any the rule watches nothing")
                .isNotEmpty();
        return noClasses().that(not(home)).should().dependOnClassesThat(resideInAPackage(library));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ModuleEdgesTest::outermost).orElse(type);
    }
}
