-- Custom SQL migration: one word an act, create, change and remove. Jobs that wait in the queue name their task alone.
UPDATE "tasks" SET "kind" = CASE "kind" WHEN 'cluster-modify' THEN 'cluster-change' ELSE 'cluster-remove' END
	WHERE "kind" IN ('cluster-modify', 'cluster-delete');
--> statement-breakpoint
UPDATE "clusters" SET "state" = CASE "state" WHEN 'updating' THEN 'changing' WHEN 'deleting' THEN 'removing' ELSE 'remove-failed' END
	WHERE "state" IN ('updating', 'deleting', 'delete-failed');
