package dev.recaller.worker.control;

import com.google.protobuf.util.Timestamps;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.privacy.Consent;
import dev.recaller.memory.privacy.Sharing;
import dev.recaller.sql.Database;
import dev.recaller.worker.control.v1.RevokeRequest;
import dev.recaller.worker.control.v1.RevokeResponse;
import dev.recaller.worker.control.v1.ShareRequest;
import dev.recaller.worker.control.v1.ShareResponse;
import dev.recaller.worker.control.v1.SharedMemory;
import dev.recaller.worker.control.v1.SharedRequest;
import dev.recaller.worker.control.v1.SharedResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** What organizations let each other read. */
final class SharingRequests {

    private final Sharing sharing;
    private final UnifiedMemoryService memory;
    private final InstantSource clock;

    SharingRequests(Database database, InstantSource clock, UnifiedMemoryService memory, IdentityHash hash) {
        sharing = new Sharing(database, clock, hash);
        this.memory = memory;
        this.clock = clock;
    }

    ShareResponse share(ShareRequest request) {
        var mistakes = new Mistakes();
        var whose = new Whom(mistakes, "whose", request.getWhose());
        String grantee = mistakes.name("grantee", request.getGrantee(), 64);
        if (grantee.equals(Request.organization())) {
            mistakes.add("grantee", "is the organization itself");
        }
        Set<Consent.Category> categories = categories(request, mistakes);
        String purpose = mistakes.text("purpose", request.getPurpose(), 1_000);
        String evidence = mistakes.text("evidence", request.getEvidence(), 1_000);
        Instant until = Instant.EPOCH;
        if (Timestamps.isValid(request.getExpiresAt())) {
            until = MemoryAnswers.time(request.getExpiresAt());
        }
        if (!until.isAfter(clock.instant())) {
            mistakes.add("expires_at", "is not in the future");
        }
        mistakes.check();
        Consent consent = sharing.share(only(whose), grantee, categories, purpose, until, evidence, Request.actor());
        return ShareResponse.newBuilder().setConsent(MemoryMessages.of(consent)).build();
    }

    private MemoryId only(Whom whose) {
        List<MemoryId> memories = whose.memories(memory);
        return switch (memories.size()) {
            case 0 -> throw Whom.unknown();
            case 1 -> memories.getFirst();
            default ->
                throw Failures.refused(
                        "MEMORY_AMBIGUOUS",
                        "this caller has " + memories.size() + " memories: name one by its id, or merge them first");
        };
    }

    private static Set<Consent.Category> categories(ShareRequest request, Mistakes mistakes) {
        Set<Consent.Category> categories = EnumSet.noneOf(Consent.Category.class);
        for (String name : request.getCategoriesList()) {
            try {
                categories.add(Consent.Category.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                mistakes.add("categories", "has one that is not name, preferences, facts, entities or conversation");
                return categories;
            }
        }
        if (categories.isEmpty()) {
            mistakes.add("categories", "is missing");
        }
        return categories;
    }

    SharedResponse shared(SharedRequest request) {
        var mistakes = new Mistakes();
        String number = mistakes.phoneNumber("phone_number", request.getPhoneNumber());
        mistakes.check();
        var shared = SharedResponse.newBuilder();
        if (number == null) {
            sharing.sharedWith(Request.organization())
                    .forEach(consent ->
                            shared.addMemories(SharedMemory.newBuilder().setConsent(MemoryMessages.of(consent))));
        } else {
            sharing.read(Request.organization(), number, Assurance.VERIFIED)
                    .forEach(it -> shared.addMemories(MemoryMessages.of(it)));
        }
        return shared.build();
    }

    RevokeResponse revoke(RevokeRequest request) {
        var mistakes = new Mistakes();
        UUID id = mistakes.id("consent_id", request.getConsentId());
        mistakes.check();
        return sharing.revoke(Request.organization(), id, Request.actor())
                .map(consent -> RevokeResponse.newBuilder()
                        .setConsent(MemoryMessages.of(consent))
                        .build())
                .orElseThrow(() -> Failures.notFound(
                        "CONSENT_UNKNOWN", "this organization gave no consent " + id + " that holds"));
    }
}
