-- Custom SQL migration: stages say what they are about. Those of the first substrate were mostly called by it.
UPDATE "tasks" SET "stages" = (
	SELECT jsonb_agg(
		"stage" || jsonb_build_object('kind', CASE "stage"->>'name'
			WHEN 'data' THEN 'certificates'
			WHEN 'content' THEN 'add-ons'
			WHEN 'served-certificates' THEN 'control-plane'
			WHEN 'public-endpoint' THEN 'endpoint'
			ELSE "stage"->>'name'
		END)
		ORDER BY "place"
	)
	FROM jsonb_array_elements("stages") WITH ORDINALITY AS "each"("stage", "place")
) WHERE jsonb_array_length("stages") > 0;
